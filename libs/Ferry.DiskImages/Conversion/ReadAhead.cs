using System.Buffers;
using System.Runtime.CompilerServices;

namespace Ferry.DiskImages.Conversion;

/// <summary>The content of a disk from front to back, for what must have it in order: pieces are read and decompressed ahead on all cores.</summary>
internal static class ReadAhead
{
    /// <summary>Bytes of a piece of data.</summary>
    internal const int PieceSize = 1 << 20;

    private const int MinimumDepth = 4;
    private const int MaximumDepth = 32;

    /// <summary>Reads the whole disk. What the image says is zero is not read.</summary>
    /// <param name="reader">The disk.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <returns>The pieces in order; the bytes of each stay until the next is asked for.</returns>
    internal static async IAsyncEnumerable<Piece> ReadAsync(IDiskImageReader reader, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var ahead = new Queue<Task<Piece>>();
        var depth = Math.Clamp(Environment.ProcessorCount * 2, MinimumDepth, MaximumDepth);
        try
        {
            await foreach (var (offset, length, zeros) in CutAsync(reader, stop.Token).ConfigureAwait(false))
            {
                ahead.Enqueue(length == 0 ? Task.FromResult(new Piece([], 0, zeros)) : Task.Run(() => FillAsync(reader, offset, length, stop.Token), stop.Token));
                while (ahead.Count >= depth)
                {
                    var piece = await ahead.Dequeue().ConfigureAwait(false);
                    yield return piece;
                    piece.Release();
                }
            }

            while (ahead.TryDequeue(out var next))
            {
                var piece = await next.ConfigureAwait(false);
                yield return piece;
                piece.Release();
            }
        }
        finally
        {
            // The pieces under way use the reader: they end before the caller may dispose of it.
            await stop.CancelAsync().ConfigureAwait(false);
            await ((Task)Task.WhenAll(ahead)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static async IAsyncEnumerable<(long Offset, int Length, long Zeros)> CutAsync(IDiskImageReader reader, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var extent in reader.GetExtentsAsync(0, reader.Capacity, cancellationToken).ConfigureAwait(false))
        {
            if (extent.Kind != ExtentKind.Data)
            {
                yield return (extent.Offset, 0, extent.Length);
                continue;
            }

            for (var at = extent.Offset; at < extent.End; at += PieceSize)
            {
                yield return (at, (int)Math.Min(PieceSize, extent.End - at), 0);
            }
        }
    }

    private static async Task<Piece> FillAsync(IDiskImageReader reader, long offset, int length, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            await reader.ReadAsync(offset, buffer.AsMemory(0, length), cancellationToken).ConfigureAwait(false);
            return new Piece(buffer, length, 0);
        }
        catch
        {
            ArrayPool<byte>.Shared.Return(buffer);
            throw;
        }
    }

    /// <summary>A piece of the disk.</summary>
    /// <param name="Buffer">Holds the bytes.</param>
    /// <param name="Length">Number of bytes.</param>
    /// <param name="ZeroBytes">Number of zeros, when there are no bytes.</param>
    internal readonly record struct Piece(byte[] Buffer, int Length, long ZeroBytes)
    {
        /// <summary>The bytes; empty for zeros.</summary>
        internal ReadOnlyMemory<byte> Bytes => Buffer.AsMemory(0, Length);

        internal void Release()
        {
            if (Length > 0)
            {
                ArrayPool<byte>.Shared.Return(Buffer);
            }
        }
    }
}
