using Ferry.DiskImages.Writing;

namespace Ferry.DiskImages.Vhd;

/// <summary>Writes a fixed VHD, or changes one: every byte has its place. Until the image is complete a <see cref="VhdMark"/> stands where the footer will.</summary>
/// <param name="file">The marked file; owned by this object.</param>
/// <param name="footer">The footer; its current size is where it stands.</param>
/// <param name="ranges">What may be written; null: all.</param>
/// <param name="completed">Whether the image is complete already.</param>
internal sealed class FixedVhdWriter(ImageFile file, VhdFooter footer, PlanRanges? ranges, bool completed) : IAppendingWriter
{
    private bool _completed = completed;

    /// <inheritdoc/>
    public long Capacity => (long)footer.CurrentSize;

    /// <inheritdoc/>
    public long BlockSize => 0;

    /// <summary>The write itself is synchronous.</summary>
    public ValueTask WriteAsync(long offset, ReadOnlyMemory<byte> data, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ranges?.Require(offset, data.Length);
        Metadata.SourceBounds.RequireWithinDisk(offset, data.Length, Capacity);
        if (_completed)
        {
            throw new InvalidOperationException("The image is complete and takes no more data.");
        }

        file.Write(offset, data.Span);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask FlushAsync(CancellationToken cancellationToken = default) => file.FlushAsync(cancellationToken);

    /// <inheritdoc/>
    public ValueTask CompleteAsync(CancellationToken cancellationToken = default) => CompleteAsync(durable: true, cancellationToken);

    /// <summary>Data first, then the footer in the mark's place, each made durable.</summary>
    public async ValueTask CompleteAsync(bool durable, CancellationToken cancellationToken)
    {
        if (_completed)
        {
            return;
        }

        await file.FlushIfAsync(durable, cancellationToken).ConfigureAwait(false);

        var bytes = new byte[VhdFooter.Size];
        footer.Write(bytes);
        file.Write(Capacity, bytes);
        await file.FlushIfAsync(durable, cancellationToken).ConfigureAwait(false);

        _completed = true;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        file.Dispose();
        return ValueTask.CompletedTask;
    }
}
