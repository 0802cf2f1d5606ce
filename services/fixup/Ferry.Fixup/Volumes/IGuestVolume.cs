namespace Ferry.Fixup.Volumes;

/// <summary>
/// The mounted file systems of one guest, as narrow as the rules need. Paths are absolute in the guest's root and canonical: no component is a link (see
/// <see cref="GuestTree"/>), none is <c>.</c> or <c>..</c>.
/// </summary>
public interface IGuestVolume
{
    /// <summary>Names in a directory, unsorted, without <c>.</c> and <c>..</c>.</summary>
    Task<IReadOnlyList<string>> ListAsync(string path, CancellationToken cancellationToken);

    /// <summary>Status of an entry, or null when there is none.</summary>
    Task<GuestStatus?> StatAsync(string path, CancellationToken cancellationToken);

    /// <summary>Target of a symbolic link, as it stands in it.</summary>
    Task<string> ReadLinkAsync(string path, CancellationToken cancellationToken);

    /// <summary>Content of a regular file.</summary>
    /// <exception cref="GuestVolumeException">It has more bytes than the limit.</exception>
    Task<byte[]> ReadAsync(string path, long limit, CancellationToken cancellationToken);

    /// <summary>Writes into an existing file: inode, owner, mode and extended attributes stay.</summary>
    Task ReplaceAsync(string path, ReadOnlyMemory<byte> content, CancellationToken cancellationToken);

    /// <summary>Makes a file.</summary>
    Task CreateAsync(string path, ReadOnlyMemory<byte> content, int mode, int owner, int group, CancellationToken cancellationToken);

    /// <summary>Copies a file with all its attributes to a new name.</summary>
    Task CopyAsync(string from, string to, CancellationToken cancellationToken);

    /// <summary>Makes a directory.</summary>
    Task MakeDirectoryAsync(string path, int mode, CancellationToken cancellationToken);

    /// <summary>Makes a symbolic link.</summary>
    Task SymlinkAsync(string target, string path, CancellationToken cancellationToken);

    /// <summary>Renames an entry.</summary>
    Task RenameAsync(string from, string to, CancellationToken cancellationToken);

    /// <summary>Removes a file or link.</summary>
    Task RemoveAsync(string path, CancellationToken cancellationToken);

    /// <summary>Value of an extended attribute of an entry (a link is not followed), or null when it has none or the file system has no such attributes.</summary>
    Task<byte[]?> GetAttributeAsync(string path, string name, CancellationToken cancellationToken);

    /// <summary>Sets an extended attribute of an entry; a link is not followed.</summary>
    Task SetAttributeAsync(string path, string name, ReadOnlyMemory<byte> value, CancellationToken cancellationToken);

    /// <summary>Bytes that can still be written to the file system that holds the path.</summary>
    Task<long> FreeSpaceAsync(string path, CancellationToken cancellationToken);
}
