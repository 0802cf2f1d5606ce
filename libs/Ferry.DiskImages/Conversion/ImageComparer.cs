using System.Buffers;

namespace Ferry.DiskImages;

/// <summary>Compares the content of two images. What both say is zero is not read.</summary>
public static class ImageComparer
{
    private const int PieceSize = 1 << 20;

    /// <summary>Finds the first difference. Where one disk is longer, its rest must be zero to count as equal.</summary>
    /// <param name="first">One image.</param>
    /// <param name="second">The other.</param>
    /// <param name="progress">Offset up to which the images have been compared.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="DiskImageException">An image cannot be read.</exception>
    public static async Task<ImageComparison> CompareAsync(
        IDiskImageReader first, IDiskImageReader second, IProgress<long>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var ahead = new Queue<(long Offset, Task<int> Difference)>();
        var depth = Math.Clamp(Environment.ProcessorCount * 2, 4, 32);
        long? found = null;
        try
        {
            await foreach (var range in DataOfEitherAsync(first, second, stop.Token).ConfigureAwait(false))
            {
                for (var at = range.Offset; at < range.End && found is null; at += PieceSize)
                {
                    var offset = at;
                    var length = (int)Math.Min(PieceSize, range.End - at);
                    ahead.Enqueue((offset, Task.Run(() => FirstDifferenceAsync(first, second, offset, length, stop.Token), stop.Token)));
                    if (ahead.Count >= depth)
                    {
                        found = await NextAsync().ConfigureAwait(false);
                    }
                }

                if (found is not null)
                {
                    break;
                }
            }

            while (found is null && ahead.Count > 0)
            {
                found = await NextAsync().ConfigureAwait(false);
            }
        }
        finally
        {
            // The pieces under way use the readers: they end before the caller may dispose of them.
            await stop.CancelAsync().ConfigureAwait(false);
            await ((Task)Task.WhenAll(ahead.Select(p => p.Difference))).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return new ImageComparison(found, first.Capacity == second.Capacity);

        async ValueTask<long?> NextAsync()
        {
            var (offset, task) = ahead.Dequeue();
            var difference = await task.ConfigureAwait(false);
            progress?.Report(offset);
            return difference < 0 ? null : offset + difference;
        }
    }

    /// <summary>The ranges that hold data in at least one of the images.</summary>
    private static async IAsyncEnumerable<DiskRange> DataOfEitherAsync(
        IDiskImageReader first, IDiskImageReader second, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var common = Math.Min(first.Capacity, second.Capacity);
        await foreach (var extent in first.GetExtentsAsync(0, common, cancellationToken).ConfigureAwait(false))
        {
            if (extent.Kind == ExtentKind.Data)
            {
                yield return new DiskRange(extent.Offset, extent.Length);
                continue;
            }

            await foreach (var other in second.GetExtentsAsync(extent.Offset, extent.Length, cancellationToken).ConfigureAwait(false))
            {
                if (other.Kind == ExtentKind.Data)
                {
                    yield return new DiskRange(other.Offset, other.Length);
                }
            }
        }

        var longer = first.Capacity > second.Capacity ? first : second;
        await foreach (var extent in longer.GetExtentsAsync(common, longer.Capacity - common, cancellationToken).ConfigureAwait(false))
        {
            if (extent.Kind == ExtentKind.Data)
            {
                yield return new DiskRange(extent.Offset, extent.Length);
            }
        }
    }

    private static async Task<int> FirstDifferenceAsync(IDiskImageReader first, IDiskImageReader second, long offset, int length, CancellationToken cancellationToken)
    {
        var a = ArrayPool<byte>.Shared.Rent(length);
        var b = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            await ReadOrZeroAsync(first, offset, a.AsMemory(0, length), cancellationToken).ConfigureAwait(false);
            await ReadOrZeroAsync(second, offset, b.AsMemory(0, length), cancellationToken).ConfigureAwait(false);
            var same = a.AsSpan(0, length).CommonPrefixLength(b.AsSpan(0, length));
            return same == length ? -1 : same;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(a);
            ArrayPool<byte>.Shared.Return(b);
        }
    }

    private static ValueTask ReadOrZeroAsync(IDiskImageReader reader, long offset, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        var within = (int)Math.Clamp(reader.Capacity - offset, 0, buffer.Length);
        buffer.Span[within..].Clear();
        return reader.ReadAsync(Math.Min(offset, reader.Capacity), buffer[..within], cancellationToken);
    }
}
