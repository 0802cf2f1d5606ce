using Ferry.DiskImages.Sources;

namespace Ferry.DiskImages.Writing;

/// <summary>An image that is being written, for the parsers that read its structures. The file stays its owner's.</summary>
internal sealed class ImageFileSource(ImageFile file) : IByteSource
{
    /// <inheritdoc/>
    public string Name => file.Path;

    /// <inheritdoc/>
    public long Length { get; } = file.Length;

    /// <inheritdoc/>
    public SourcePin Pin => new() { Name = Name, Length = Length };

    /// <inheritdoc/>
    public ValueTask ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        while (!buffer.IsEmpty)
        {
            var count = file.Read(offset, buffer);
            if (count == 0)
            {
                throw new InvalidDiskImageException(DiskImageErrors.Truncated, $"The file ends at byte {Length}, {buffer.Length} more bytes were expected.", Name, offset);
            }

            buffer = buffer[count..];
            offset += count;
        }

        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<DiskExtent> GetExtentsAsync(long offset, long length, CancellationToken cancellationToken = default) =>
        new[] { new DiskExtent(offset, length, ExtentKind.Data) }.ToAsyncEnumerable();

    /// <inheritdoc/>
    public ValueTask VerifyUnchangedAsync(CancellationToken cancellationToken = default) => ValueTask.CompletedTask;

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
