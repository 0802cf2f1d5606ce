using System.Security.Cryptography;
using Ferry.DiskImages.Conversion;

namespace Ferry.DiskImages;

/// <summary>SHA-256 of the raw content of an image, without writing it. Ranges that the image says are zero are hashed without being read.</summary>
public static class ImageHasher
{
    private static readonly byte[] Zeros = new byte[ReadAhead.PieceSize];

    /// <summary>Computes the digest as 64 lower-case hexadecimal digits; pieces are read and decompressed ahead on all cores.</summary>
    /// <param name="reader">The image.</param>
    /// <param name="progress">Bytes hashed so far.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="DiskImageException">The image cannot be read.</exception>
    public static async Task<string> ComputeAsync(IDiskImageReader reader, IProgress<long>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(reader);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        long done = 0;
        await foreach (var piece in ReadAhead.ReadAsync(reader, cancellationToken).ConfigureAwait(false))
        {
            hash.AppendData(piece.Bytes.Span);
            for (var rest = piece.ZeroBytes; rest > 0; rest -= Math.Min(rest, Zeros.Length))
            {
                cancellationToken.ThrowIfCancellationRequested();
                hash.AppendData(Zeros, 0, (int)Math.Min(rest, Zeros.Length));
            }

            done += piece.Length + piece.ZeroBytes;
            progress?.Report(done);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
