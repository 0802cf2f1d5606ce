namespace Ferry.DiskImages.FileSystems;

/// <summary>How <see cref="UsedBlockMap"/> reads.</summary>
public sealed record UsedBlockMapOptions
{
    /// <summary>
    /// Unused ranges shorter than this, in bytes, are dropped: they count as used. For work in chunks, the size of a chunk. It is raised by itself when a disk
    /// has more than a million ranges.
    /// </summary>
    public long MinimumLength { get; init; } = 1;
}
