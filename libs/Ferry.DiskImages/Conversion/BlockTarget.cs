using Ferry.DiskImages.Writing;

namespace Ferry.DiskImages.Conversion;

/// <summary>An image that grows block by block, or one in which every byte has its place already.</summary>
/// <param name="writer">The image; owned by this object.</param>
/// <param name="slots">The places of its blocks; null when every byte has its place already.</param>
/// <param name="remove">Removes the image's files.</param>
internal sealed class BlockTarget(IAppendingWriter writer, AppendedBlockSlots? slots, Action remove) : IConvertTarget
{
    /// <summary>A granule is never larger than a block, so that a block of zeros does not take a place for its neighbour's sake.</summary>
    private readonly int _granule = writer.BlockSize is > 0 and < ZeroRuns.Granule and var block && long.IsPow2(block) ? (int)block : ZeroRuns.Granule;

    /// <inheritdoc/>
    public int Alignment => 1;

    /// <inheritdoc/>
    public IPreparedPiece? Prepare(long offset, ReadOnlyMemory<byte> data) =>
        ZeroRuns.FindData(data.Span, offset, _granule) is { } runs ? new Piece(this, offset, data, runs) : null;

    /// <inheritdoc/>
    public ValueTask CompleteAsync(bool durable, CancellationToken cancellationToken) => writer.CompleteAsync(durable, cancellationToken);

    /// <inheritdoc/>
    public void Remove() => remove();

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => writer.DisposeAsync();

    /// <summary>Only blocks that hold data get a place: a piece may cover several small ones.</summary>
    private void Allocate(long offset, List<Range> runs)
    {
        if (slots is null)
        {
            return;
        }

        foreach (var run in runs)
        {
            for (var block = (offset + run.Start.Value) / writer.BlockSize; block <= (offset + run.End.Value - 1) / writer.BlockSize; block++)
            {
                if (slots.SlotOf(block) < 0)
                {
                    slots.Assign(block);
                }
            }
        }
    }

    private async ValueTask<long> WriteAsync(long offset, ReadOnlyMemory<byte> data, List<Range> runs, CancellationToken cancellationToken)
    {
        long written = 0;
        foreach (var run in runs)
        {
            var part = data[run];
            await writer.WriteAsync(offset + run.Start.Value, part, cancellationToken).ConfigureAwait(false);
            written += part.Length;
        }

        return written;
    }

    private sealed class Piece(BlockTarget target, long offset, ReadOnlyMemory<byte> data, List<Range> runs) : IPreparedPiece
    {
        public ValueTask PlaceAsync(CancellationToken cancellationToken)
        {
            target.Allocate(offset, runs);
            return ValueTask.CompletedTask;
        }

        public ValueTask<long> WriteAsync(CancellationToken cancellationToken) => target.WriteAsync(offset, data, runs, cancellationToken);
    }
}
