namespace Ferry.Chunks.Disks;

/// <summary>Limits of a <see cref="ManifestDisk"/>.</summary>
public sealed record ManifestDiskOptions
{
    /// <summary>Memory for decompressed chunks that were read in part, in bytes; at least two chunks are kept.</summary>
    public long CacheBytes { get; init; } = 64L << 20;
}
