using Ferry.DiskImages.Conversion;

namespace Ferry.DiskImages;

/// <summary>Writes the raw content of an image to a stream, from front to back.</summary>
public static class ImageStreamer
{
    private static readonly byte[] Zeros = new byte[ReadAhead.PieceSize];

    /// <summary>Writes every byte of the disk, zeros too; pieces are read and decompressed ahead on all cores.</summary>
    /// <param name="reader">The image.</param>
    /// <param name="target">Where the bytes go; need not be able to seek. It is flushed and stays open.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="DiskImageException">The image cannot be read, or changed meanwhile.</exception>
    /// <exception cref="IOException">The stream cannot be written.</exception>
    public static async Task CopyAsync(IDiskImageReader reader, Stream target, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(reader);
        ArgumentNullException.ThrowIfNull(target);
        await foreach (var piece in ReadAhead.ReadAsync(reader, cancellationToken).ConfigureAwait(false))
        {
            await target.WriteAsync(piece.Bytes, cancellationToken).ConfigureAwait(false);
            for (var rest = piece.ZeroBytes; rest > 0; rest -= Math.Min(rest, Zeros.Length))
            {
                await target.WriteAsync(Zeros.AsMemory(0, (int)Math.Min(rest, Zeros.Length)), cancellationToken).ConfigureAwait(false);
            }
        }

        await target.FlushAsync(cancellationToken).ConfigureAwait(false);
        await reader.VerifyUnchangedAsync(cancellationToken).ConfigureAwait(false);
    }
}
