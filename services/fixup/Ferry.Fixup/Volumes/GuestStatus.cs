namespace Ferry.Fixup.Volumes;

/// <summary>What is known of one entry; links are not followed.</summary>
/// <param name="Kind">Kind.</param>
/// <param name="Mode">Permission bits.</param>
/// <param name="Owner">The guest's numeric user id.</param>
/// <param name="Group">The guest's numeric group id.</param>
/// <param name="Size">Size in bytes.</param>
public readonly record struct GuestStatus(GuestEntryKind Kind, int Mode, int Owner, int Group, long Size)
{
    private const int TypeMask = 0xF000;

    /// <summary>From the kernel's <c>st_mode</c>.</summary>
    public static GuestEntryKind KindOf(int mode) => (mode & TypeMask) switch
    {
        0x8000 => GuestEntryKind.File,
        0x4000 => GuestEntryKind.Directory,
        0xA000 => GuestEntryKind.Symlink,
        _ => GuestEntryKind.Special,
    };
}
