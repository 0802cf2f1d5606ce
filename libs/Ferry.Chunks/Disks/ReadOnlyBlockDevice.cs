using Ferry.DiskImages;

namespace Ferry.Chunks.Disks;

/// <summary>Any disk image as a block device that refuses writes.</summary>
/// <param name="image">The image; the caller keeps ownership.</param>
public sealed class ReadOnlyBlockDevice(IDiskImageReader image) : IBlockDevice
{
    /// <inheritdoc/>
    public long Size => image.Capacity;

    /// <inheritdoc/>
    public bool ReadOnly => true;

    /// <inheritdoc/>
    public int PreferredBlockSize => 64 << 10;

    /// <inheritdoc/>
    public ValueTask ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken = default) => image.ReadAsync(offset, buffer, cancellationToken);

    /// <inheritdoc/>
    public ValueTask WriteAsync(long offset, ReadOnlyMemory<byte> data, CancellationToken cancellationToken = default) => throw Refused();

    /// <inheritdoc/>
    public ValueTask WriteZeroesAsync(long offset, long length, CancellationToken cancellationToken = default) => throw Refused();

    /// <inheritdoc/>
    public ValueTask TrimAsync(long offset, long length, CancellationToken cancellationToken = default) => throw Refused();

    /// <inheritdoc/>
    public ValueTask FlushAsync(CancellationToken cancellationToken = default) => ValueTask.CompletedTask;

    /// <inheritdoc/>
    public IAsyncEnumerable<DiskExtent> GetExtentsAsync(long offset, long length, CancellationToken cancellationToken = default) =>
        image.GetExtentsAsync(offset, length, cancellationToken);

    private static InvalidOperationException Refused() => new("The disk is read-only.");
}
