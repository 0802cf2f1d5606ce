using Ferry.DiskImages;
using Ferry.DiskImages.Sources;

namespace Ferry.Agent.Limits;

/// <summary>A disk whose readers wait for processor time first: what they do with the bytes follows at once.</summary>
internal sealed class LimitedDisk(IDiskImageReader disk, CpuLimiter? limiter) : IDiskImageReader
{
    /// <inheritdoc/>
    public DiskImageInfo Info => disk.Info;

    /// <inheritdoc/>
    public long Capacity => disk.Capacity;

    /// <inheritdoc/>
    public IReadOnlyList<SourcePin> Pins => disk.Pins;

    /// <inheritdoc/>
    public async ValueTask ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (limiter is not null)
        {
            await limiter.WaitAsync(cancellationToken);
        }

        await disk.ReadAsync(offset, buffer, cancellationToken);
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<DiskExtent> GetExtentsAsync(long offset, long length, CancellationToken cancellationToken = default) => disk.GetExtentsAsync(offset, length, cancellationToken);

    /// <inheritdoc/>
    public ValueTask VerifyUnchangedAsync(CancellationToken cancellationToken = default) => disk.VerifyUnchangedAsync(cancellationToken);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => disk.DisposeAsync();
}
