using Ferry.DiskImages.Checking;
using Ferry.DiskImages.Metadata;
using Ferry.DiskImages.Opening;
using Ferry.DiskImages.Sources;

namespace Ferry.DiskImages.Vmdk;

/// <summary>A sparse extent whose grains are stored as they are: hosted, COWD or seSparse.</summary>
/// <param name="source">The file.</param>
/// <param name="map">Its tables.</param>
/// <param name="length">Bytes of the extent that belong to the disk.</param>
/// <param name="parent">What lies below the disk.</param>
/// <param name="start">Where the extent begins in the disk.</param>
internal sealed class SparseExtent(IByteSource source, IGrainMap map, long length, ParentDisk parent, long start) : IVmdkExtent
{
    /// <inheritdoc/>
    public long Length { get; } = length;

    /// <inheritdoc/>
    public long GrainBytes => map.GrainBytes;

    /// <inheritdoc/>
    public IByteSource? Source => source;

    /// <inheritdoc/>
    public long LeakUnit => map.IsCompact ? GrainBytes : 0;

    /// <inheritdoc/>
    public bool UsesRedundantDirectory => map.UsesRedundantDirectory;

    /// <summary>Reads runs of grains that stand side by side in the file at once, and runs of absent grains at once from the parent.</summary>
    public async ValueTask ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        var grain = offset / GrainBytes;
        var place = await map.LocateAsync(grain, cancellationToken).ConfigureAwait(false);
        while (!buffer.IsEmpty)
        {
            var inGrain = offset - (grain * GrainBytes);
            var count = Math.Min(GrainBytes - inGrain, buffer.Length);
            var first = place;
            while (true)
            {
                grain++;
                if (count == buffer.Length)
                {
                    break;
                }

                var previous = place;
                place = await map.LocateAsync(grain, cancellationToken).ConfigureAwait(false);
                if (!place.Follows(previous, GrainBytes))
                {
                    break;
                }

                count = Math.Min(count + GrainBytes, buffer.Length);
            }

            await ReadRunAsync(first, inGrain, offset, buffer[..(int)count], cancellationToken).ConfigureAwait(false);
            buffer = buffer[(int)count..];
            offset += count;
        }
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<UsedRange> GetUsedRangesAsync(int file, CancellationToken cancellationToken) =>
        map.GetTableRangesAsync(file, cancellationToken).Concat(GrainUse.EnumerateAsync(map, Length, file, cancellationToken));

    /// <inheritdoc/>
    public IAsyncEnumerable<DiskExtent> GetExtentsAsync(long offset, long length, CancellationToken cancellationToken) =>
        GrainExtents.EnumerateAsync(map, source, Length, compressed: false, offset, length, cancellationToken);

    private ValueTask ReadRunAsync(GrainPlace first, long inGrain, long offset, Memory<byte> part, CancellationToken cancellationToken)
    {
        switch (first.Kind)
        {
            case ExtentKind.Data:
                SourceBounds.Require(source, first.Offset, inGrain + part.Length, "grain");
                return source.ReadAsync(first.Offset + inGrain, part, cancellationToken);
            case ExtentKind.Unallocated:
                return parent.ReadAsync(start + offset, part, cancellationToken);
            default:
                part.Span.Clear();
                return ValueTask.CompletedTask;
        }
    }
}
