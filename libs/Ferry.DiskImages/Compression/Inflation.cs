using System.IO.Compression;

namespace Ferry.DiskImages.Compression;

/// <summary>Decompression of one whole stream from memory into memory with the decompressors of the BCL (zlib-ng).</summary>
internal static class Inflation
{
    /// <summary>Decompresses a zlib stream (RFC 1950) and checks its sum.</summary>
    /// <param name="stored">The stream; what stands behind its end is ignored.</param>
    /// <param name="target">Where the bytes go.</param>
    /// <param name="written">Bytes of output.</param>
    /// <returns>False when the stream is damaged or cut off, or gives more than <paramref name="target"/> holds.</returns>
    internal static bool TryZlib(ReadOnlyMemory<byte> stored, Span<byte> target, out int written)
    {
        using var input = new MemoryInput(stored);
        using var zlib = new ZLibStream(input, CompressionMode.Decompress, leaveOpen: true);
        Span<byte> surplus = stackalloc byte[1];

        // The sum is looked at when more than the last byte is asked for. A stream that is cut off is to the BCL one that ends there, but then it asked for more input.
        return TryFill(zlib, target, out written) && TryFill(zlib, surplus, out var more) && more == 0 && !input.WasExhausted;
    }

    /// <summary>Decompresses a DEFLATE stream (RFC 1951) until the target is full; the stream may go on behind that.</summary>
    /// <param name="stored">The stream; what stands behind its end is ignored.</param>
    /// <param name="target">Where the bytes go.</param>
    /// <returns>False when the stream is damaged or gives fewer bytes.</returns>
    internal static bool TryDeflate(ReadOnlyMemory<byte> stored, Span<byte> target)
    {
        using var input = new MemoryInput(stored);
        using var deflate = new DeflateStream(input, CompressionMode.Decompress, leaveOpen: true);
        return TryFill(deflate, target, out var written) && written == target.Length;
    }

    private static bool TryFill(Stream stream, Span<byte> target, out int written)
    {
        written = 0;
        try
        {
            written = stream.ReadAtLeast(target, target.Length, throwOnEndOfStream: false);
            return true;
        }
        catch (InvalidDataException)
        {
            return false;
        }
    }
}
