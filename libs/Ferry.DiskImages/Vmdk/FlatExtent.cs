using System.Runtime.CompilerServices;
using Ferry.DiskImages.Checking;
using Ferry.DiskImages.Sources;

namespace Ferry.DiskImages.Vmdk;

/// <summary>An extent whose bytes stand in its file as they are (descriptor types <c>FLAT</c> and <c>VMFS</c>).</summary>
internal sealed class FlatExtent(IByteSource source, long start, long length) : IVmdkExtent
{
    /// <inheritdoc/>
    public long Length { get; } = length;

    /// <inheritdoc/>
    public IByteSource? Source => source;

    /// <inheritdoc/>
    public IAsyncEnumerable<UsedRange> GetUsedRangesAsync(int file, CancellationToken cancellationToken) => new[] { new UsedRange(file, start, Length, "flat extent") }.ToAsyncEnumerable();

    /// <inheritdoc/>
    public ValueTask ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken) =>
        source.ReadAsync(start + offset, buffer, cancellationToken);

    /// <inheritdoc/>
    public async IAsyncEnumerable<DiskExtent> GetExtentsAsync(
        long offset, long length, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var extent in source.GetExtentsAsync(start + offset, length, cancellationToken).ConfigureAwait(false))
        {
            yield return extent with { Offset = extent.Offset - start };
        }
    }
}
