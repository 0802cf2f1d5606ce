using System.Runtime.CompilerServices;

namespace Ferry.DiskImages.Sources;

/// <summary>A range of another source that is a file of its own: a member of an archive.</summary>
internal sealed class SubrangeByteSource(IByteSource outer, string name, long start, long length) : IByteSource
{
    /// <inheritdoc/>
    public string Name { get; } = $"{outer.Name}!{name}";

    /// <inheritdoc/>
    public long Length { get; } = length;

    /// <inheritdoc/>
    public SourcePin Pin { get; } = outer.Pin with { Name = $"{outer.Pin.Name}!{name}" };

    /// <inheritdoc/>
    public ValueTask ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        offset < 0 || offset > Length - buffer.Length
            ? throw new InvalidDiskImageException(DiskImageErrors.Truncated, $"The file ends at byte {Length}, {buffer.Length} bytes were expected here.", Name, offset)
            : outer.ReadAsync(start + offset, buffer, cancellationToken);

    /// <inheritdoc/>
    public async IAsyncEnumerable<DiskExtent> GetExtentsAsync(
        long offset, long length, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (var extent in outer.GetExtentsAsync(start + offset, length, cancellationToken).ConfigureAwait(false))
        {
            yield return extent with { Offset = extent.Offset - start };
        }
    }

    /// <inheritdoc/>
    public ValueTask VerifyUnchangedAsync(CancellationToken cancellationToken = default) => outer.VerifyUnchangedAsync(cancellationToken);

    /// <summary>The outer source belongs to the archive.</summary>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
