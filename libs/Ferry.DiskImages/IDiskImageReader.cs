namespace Ferry.DiskImages;

/// <summary>A virtual disk that can be read. Safe for concurrent reads.</summary>
public interface IDiskImageReader : IAsyncDisposable
{
    /// <summary>What was found about the image when it was opened.</summary>
    DiskImageInfo Info { get; }

    /// <summary>Size of the virtual disk in bytes.</summary>
    long Capacity { get; }

    /// <summary>Fills <paramref name="buffer"/> with the bytes from <paramref name="offset"/> on; unallocated ranges read as zero.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The range does not lie within the disk.</exception>
    /// <exception cref="DiskImageException">The image is damaged at that place, or its file cannot be read.</exception>
    ValueTask ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken = default);

    /// <summary>
    /// The extents of a range in ascending order, gapless, neighbours of different kinds, clipped to the range. Only metadata is read.
    /// </summary>
    IAsyncEnumerable<DiskExtent> GetExtentsAsync(long offset, long length, CancellationToken cancellationToken = default);
}
