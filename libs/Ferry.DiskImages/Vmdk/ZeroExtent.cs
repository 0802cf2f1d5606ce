namespace Ferry.DiskImages.Vmdk;

/// <summary>An extent without a file that reads as zero (descriptor type <c>ZERO</c>).</summary>
internal sealed class ZeroExtent(long length) : IVmdkExtent
{
    /// <inheritdoc/>
    public long Length { get; } = length;

    /// <inheritdoc/>
    public ValueTask ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        buffer.Span.Clear();
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<DiskExtent> GetExtentsAsync(long offset, long length, CancellationToken cancellationToken) =>
        new[] { new DiskExtent(offset, length, ExtentKind.Zero) }.ToAsyncEnumerable();
}
