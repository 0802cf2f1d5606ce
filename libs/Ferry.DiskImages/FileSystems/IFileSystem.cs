namespace Ferry.DiskImages.FileSystems;

/// <summary>A file system that was recognised in a volume.</summary>
internal interface IFileSystem
{
    /// <summary>Its name: <c>ext4</c>, <c>xfs</c>, <c>ntfs</c>, <c>fat32</c>.</summary>
    string Kind { get; }

    /// <summary>Its label; empty when it has none, or none that is read.</summary>
    string Label { get; }

    /// <summary>Adds every range that the file system certainly does not use.</summary>
    /// <exception cref="VolumeRefusedException">It is dirty, inconsistent, or of a kind that is not understood: then nothing that was added counts.</exception>
    /// <exception cref="DiskImageException">The disk cannot be read.</exception>
    ValueTask FindUnusedAsync(UnusedRanges unused, CancellationToken cancellationToken);
}
