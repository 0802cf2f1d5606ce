namespace Ferry.DiskImages.Writing;

/// <summary>Writes an image of blocks that follow each other in the file from an offset on. Blocks go straight to their places; the ending writes what finds them.</summary>
/// <param name="file">The file, marked incomplete unless <paramref name="ending"/> says that it is complete; owned by this object.</param>
/// <param name="capacity">Size of the virtual disk in bytes.</param>
/// <param name="blockSize">Bytes per block.</param>
/// <param name="payloadOffset">Where the block of slot 0 stands.</param>
/// <param name="slots">The places of the blocks.</param>
/// <param name="ranges">What may be written; null: all that has a place.</param>
/// <param name="ending">How the image is completed.</param>
internal sealed class BlockImageWriter(
    ImageFile file, long capacity, long blockSize, long payloadOffset, IBlockSlots slots, PlanRanges? ranges, IImageEnding ending) : IAppendingWriter
{
    /// <inheritdoc/>
    public long Capacity => capacity;

    /// <inheritdoc/>
    public long BlockSize => blockSize;

    /// <summary>Blocks that stand side by side are written at once; the write itself is synchronous.</summary>
    public ValueTask WriteAsync(long offset, ReadOnlyMemory<byte> data, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ranges?.Require(offset, data.Length);
        if (ending.IsComplete)
        {
            throw new InvalidOperationException("The image is complete and takes no more data.");
        }

        var rest = data.Span;
        while (!rest.IsEmpty)
        {
            var block = offset / blockSize;
            var slot = slots.SlotOf(block);
            ArgumentOutOfRangeException.ThrowIfNegative(slot, nameof(offset));
            var inBlock = offset % blockSize;
            var count = blockSize - inBlock;
            for (var next = 1; count < rest.Length && slots.SlotOf(block + next) == slot + next; next++)
            {
                count += blockSize;
            }

            var part = rest[..(int)Math.Min(rest.Length, count)];
            file.Write(payloadOffset + (slot * blockSize) + inBlock, part);
            rest = rest[part.Length..];
            offset += part.Length;
        }

        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask FlushAsync(CancellationToken cancellationToken = default) => file.FlushAsync(cancellationToken);

    /// <inheritdoc/>
    public ValueTask CompleteAsync(CancellationToken cancellationToken = default) => ending.CompleteAsync(contentId: null, durable: true, cancellationToken);

    /// <inheritdoc/>
    public ValueTask CompleteAsync(string contentId, CancellationToken cancellationToken = default) =>
        ending.CompleteAsync(ImageRecord.RequireId(contentId), durable: true, cancellationToken);

    /// <inheritdoc/>
    public ValueTask CompleteAsync(bool durable, CancellationToken cancellationToken) => ending.CompleteAsync(contentId: null, durable, cancellationToken);

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        file.Dispose();
        return ValueTask.CompletedTask;
    }
}
