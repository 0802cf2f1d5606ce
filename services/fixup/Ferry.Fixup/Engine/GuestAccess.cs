using Ferry.Fixup.Volumes;

namespace Ferry.Fixup.Engine;

/// <summary>Access rights of what the fix-up makes on NTFS, as far as its permission bits say. Other file systems have them already and are left alone.</summary>
internal sealed class GuestAccess(IGuestVolume volume)
{
    private const int OthersMask = 7;

    /// <summary>Gives a new entry its rights.</summary>
    /// <param name="path">Canonical path.</param>
    /// <param name="mode">Its permission bits; without any for others it is private.</param>
    /// <param name="isFolder">Whether it is a folder.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async Task SetAsync(string path, int mode, bool isFolder, CancellationToken cancellationToken)
    {
        if (await volume.GetAttributeAsync(path, NtfsAccess.Attribute, cancellationToken) is not null)
        {
            await volume.SetAttributeAsync(path, NtfsAccess.Attribute, NtfsAccess.Descriptor(isFolder, IsPrivate(mode)), cancellationToken);
        }
    }

    /// <summary>Gives a copy the rights of what it was made from: a hive holds secrets.</summary>
    public async Task CopyAsync(string from, string to, CancellationToken cancellationToken)
    {
        if (await volume.GetAttributeAsync(from, NtfsAccess.Attribute, cancellationToken) is { } descriptor)
        {
            await volume.SetAttributeAsync(to, NtfsAccess.Attribute, descriptor, cancellationToken);
        }
    }

    /// <summary>Whether only the system and administrators may look into it.</summary>
    public static bool IsPrivate(int mode) => (mode & OthersMask) == 0;
}
