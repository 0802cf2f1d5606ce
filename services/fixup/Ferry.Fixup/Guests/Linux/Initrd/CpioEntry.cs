namespace Ferry.Fixup.Guests.Linux.Initrd;

/// <summary>One entry of a newc archive: the header's numbers that matter, and the name as it stands.</summary>
/// <param name="Name">Name as it stands in the archive (Latin-1).</param>
/// <param name="Mode">Type and permission bits.</param>
/// <param name="Size">Bytes of content.</param>
public readonly record struct CpioEntry(string Name, int Mode, long Size)
{
    /// <summary>Ends an archive.</summary>
    public const string Trailer = "TRAILER!!!";

    /// <summary>Mode bits of a regular file.</summary>
    public const int RegularFile = 0x8000;

    /// <summary>Mode bits of a directory.</summary>
    public const int Directory = 0x4000;

    /// <summary>Mode bits of a symbolic link.</summary>
    public const int SymbolicLink = 0xA000;

    private const int TypeMask = 0xF000;

    /// <summary>Type bits.</summary>
    public int Type => Mode & TypeMask;

    /// <summary>The name relative to the archive's root without <c>./</c>, or null when it would lead out of it.</summary>
    public string? SafePath
    {
        get
        {
            var parts = Name.Split('/', StringSplitOptions.RemoveEmptyEntries).Where(p => p != ".").ToArray();
            return parts.Contains("..") || Name.Contains('\0', StringComparison.Ordinal) ? null : string.Join('/', parts);
        }
    }
}
