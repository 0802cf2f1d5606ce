using System.Runtime.CompilerServices;
using Ferry.DiskImages.Sources;

namespace Ferry.DiskImages.Opening;

/// <summary>
/// What lies below an image: its parent, or nothing. Ranges behind the end of a smaller parent are unallocated and read as zero, so that a reader need not
/// tell the cases apart. Safe for concurrent reads.
/// </summary>
/// <param name="reader">The parent, owned by this object; null: the image has none.</param>
internal sealed class ParentDisk(IDiskImageReader? reader) : IAsyncDisposable
{
    /// <summary>What is known of the parent.</summary>
    internal DiskImageInfo? Info => reader?.Info;

    /// <summary>The pins of the parent's files.</summary>
    internal IReadOnlyList<SourcePin> Pins => reader?.Pins ?? [];

    /// <summary>Fills the buffer with what the parent has there.</summary>
    internal async ValueTask ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        var count = reader is null ? 0 : (int)Math.Clamp(reader.Capacity - offset, 0, buffer.Length);
        buffer.Span[count..].Clear();
        if (count > 0)
        {
            await reader!.ReadAsync(offset, buffer[..count], cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>The parent's extents of a range.</summary>
    internal async IAsyncEnumerable<DiskExtent> GetExtentsAsync(long offset, long length, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var count = reader is null ? 0 : Math.Clamp(reader.Capacity - offset, 0, length);
        if (count > 0)
        {
            await foreach (var extent in reader!.GetExtentsAsync(offset, count, cancellationToken).ConfigureAwait(false))
            {
                yield return extent;
            }
        }

        if (count < length)
        {
            yield return new DiskExtent(offset + count, length - count, ExtentKind.Unallocated);
        }
    }

    /// <summary>Looks at every file of the parent again.</summary>
    internal ValueTask VerifyUnchangedAsync(CancellationToken cancellationToken) => reader?.VerifyUnchangedAsync(cancellationToken) ?? ValueTask.CompletedTask;

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => reader?.DisposeAsync() ?? ValueTask.CompletedTask;
}
