using System.Buffers;
using System.Security.Cryptography;

namespace Ferry.DiskImages;

/// <summary>SHA-256 of the raw content of an image, without writing it. Ranges that the image says are zero are hashed without being read.</summary>
public static class ImageHasher
{
    private const int PieceSize = 1 << 20;
    private static readonly byte[] Zeros = new byte[PieceSize];

    /// <summary>Computes the digest as 64 lower-case hexadecimal digits; pieces are read and decompressed ahead on all cores.</summary>
    /// <param name="reader">The image.</param>
    /// <param name="progress">Bytes hashed so far.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="DiskImageException">The image cannot be read.</exception>
    public static async Task<string> ComputeAsync(IDiskImageReader reader, IProgress<long>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(reader);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var ahead = new Queue<Task<Piece>>();
        var depth = Math.Clamp(Environment.ProcessorCount * 2, 4, 32);
        long done = 0;
        try
        {
            await foreach (var extent in reader.GetExtentsAsync(0, reader.Capacity, stop.Token).ConfigureAwait(false))
            {
                for (var at = extent.Offset; at < extent.End;)
                {
                    var length = extent.Kind == ExtentKind.Data ? (int)Math.Min(PieceSize, extent.End - at) : 0;
                    var zeros = length == 0 ? extent.End - at : 0;
                    var offset = at;
                    ahead.Enqueue(length == 0 ? Task.FromResult(new Piece([], 0, zeros)) : Task.Run(() => ReadAsync(reader, offset, length, stop.Token), stop.Token));
                    at += length + zeros;
                    while (ahead.Count >= depth)
                    {
                        done += Append(hash, await ahead.Dequeue().ConfigureAwait(false), stop.Token);
                        progress?.Report(done);
                    }
                }
            }

            while (ahead.TryDequeue(out var piece))
            {
                done += Append(hash, await piece.ConfigureAwait(false), stop.Token);
                progress?.Report(done);
            }
        }
        catch
        {
            // The pieces under way use the reader: they end before the caller may dispose of it.
            await stop.CancelAsync().ConfigureAwait(false);
            await ((Task)Task.WhenAll(ahead)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw;
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static async Task<Piece> ReadAsync(IDiskImageReader reader, long offset, int length, CancellationToken cancellationToken)
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

    private static long Append(IncrementalHash hash, Piece piece, CancellationToken cancellationToken)
    {
        if (piece.Length > 0)
        {
            hash.AppendData(piece.Buffer, 0, piece.Length);
            ArrayPool<byte>.Shared.Return(piece.Buffer);
            return piece.Length;
        }

        for (var rest = piece.ZeroBytes; rest > 0; rest -= Math.Min(rest, PieceSize))
        {
            cancellationToken.ThrowIfCancellationRequested();
            hash.AppendData(Zeros, 0, (int)Math.Min(rest, PieceSize));
        }

        return piece.ZeroBytes;
    }

    private readonly record struct Piece(byte[] Buffer, int Length, long ZeroBytes);
}
