using Ferry.DiskImages;

namespace Ferry.Chunks.Disks;

/// <summary>A disk that can be read and perhaps written at any offset. Safe for concurrent use; overlapping requests at one time have no order.</summary>
public interface IBlockDevice
{
    /// <summary>Size in bytes.</summary>
    long Size { get; }

    /// <summary>Whether every write is refused.</summary>
    bool ReadOnly { get; }

    /// <summary>The size of aligned requests that is best, a power of two.</summary>
    int PreferredBlockSize { get; }

    /// <summary>Fills the buffer from <paramref name="offset"/> on.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The range does not lie within the disk.</exception>
    ValueTask ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken = default);

    /// <summary>Writes bytes.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The range does not lie within the disk.</exception>
    /// <exception cref="InvalidOperationException">The disk is read-only.</exception>
    ValueTask WriteAsync(long offset, ReadOnlyMemory<byte> data, CancellationToken cancellationToken = default);

    /// <summary>Makes a range zero.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The range does not lie within the disk.</exception>
    /// <exception cref="InvalidOperationException">The disk is read-only.</exception>
    ValueTask WriteZeroesAsync(long offset, long length, CancellationToken cancellationToken = default);

    /// <summary>Tells that a range's content is no longer needed; it may become zero or stay as it is.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The range does not lie within the disk.</exception>
    /// <exception cref="InvalidOperationException">The disk is read-only.</exception>
    ValueTask TrimAsync(long offset, long length, CancellationToken cancellationToken = default);

    /// <summary>Completes writes as far as the device promises it.</summary>
    ValueTask FlushAsync(CancellationToken cancellationToken = default);

    /// <summary>The extents of a range, as <see cref="IDiskImageReader.GetExtentsAsync"/> gives them.</summary>
    IAsyncEnumerable<DiskExtent> GetExtentsAsync(long offset, long length, CancellationToken cancellationToken = default);
}
