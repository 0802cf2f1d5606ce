using Ferry.DiskImages.Writing;

namespace Ferry.DiskImages.Conversion;

/// <summary>An image that grows block by block, or one in which every byte has its place already.</summary>
/// <param name="writer">The image; owned by this object.</param>
/// <param name="slots">The places of its blocks; null when every byte has its place already.</param>
/// <param name="remove">Removes the image's files.</param>
internal sealed class BlockTarget(IAppendingWriter writer, AppendedBlockSlots? slots, Action remove) : IConvertTarget
{
    /// <inheritdoc/>
    public int Alignment => 1;

    /// <inheritdoc/>
    public IPreparedPiece? Prepare(long offset, ReadOnlyMemory<byte> data)
    {
        var first = ZeroRuns.NextData(data.Span, 0);
        return first.Start.Equals(first.End) ? null : new Piece(this, offset, data, first);
    }

    /// <inheritdoc/>
    public ValueTask CompleteAsync(bool durable, CancellationToken cancellationToken) => writer.CompleteAsync(durable, cancellationToken);

    /// <inheritdoc/>
    public void Remove() => remove();

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => writer.DisposeAsync();

    private void Allocate(long offset, long length)
    {
        if (slots is null)
        {
            return;
        }

        for (var block = offset / writer.BlockSize; block <= (offset + length - 1) / writer.BlockSize; block++)
        {
            if (slots.SlotOf(block) < 0)
            {
                slots.Assign(block);
            }
        }
    }

    private sealed class Piece(BlockTarget target, long offset, ReadOnlyMemory<byte> data, Range first) : IPreparedPiece
    {
        public ValueTask PlaceAsync(CancellationToken cancellationToken)
        {
            // Only blocks that hold data get a place: a piece may cover several small ones.
            for (var run = first; !run.Start.Equals(run.End); run = ZeroRuns.NextData(data.Span, run.End.Value))
            {
                target.Allocate(offset + run.Start.Value, run.End.Value - run.Start.Value);
            }

            return ValueTask.CompletedTask;
        }

        public async ValueTask<long> WriteAsync(CancellationToken cancellationToken)
        {
            long written = 0;
            for (var run = first; !run.Start.Equals(run.End); run = ZeroRuns.NextData(data.Span, run.End.Value))
            {
                var part = data[run];
                await target.Write(offset + run.Start.Value, part, cancellationToken).ConfigureAwait(false);
                written += part.Length;
            }

            return written;
        }
    }

    private ValueTask Write(long offset, ReadOnlyMemory<byte> data, CancellationToken cancellationToken) => writer.WriteAsync(offset, data, cancellationToken);
}
