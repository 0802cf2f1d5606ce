using System.Buffers.Binary;

namespace Ferry.DiskImages.Compression.Deflate;

/// <summary>Decoder of a whole zlib stream (RFC 1950) that is in memory.</summary>
internal static class ZlibDecoder
{
    private const int HeaderSize = 2;
    private const int TrailerSize = 4;
    private const int Deflate = 8;
    private const int PresetDictionary = 0x20;

    /// <summary>Decodes a stream and checks its sum.</summary>
    /// <param name="input">The stream; what stands behind its end is ignored.</param>
    /// <param name="output">Where the bytes go.</param>
    /// <param name="written">Bytes of output.</param>
    /// <returns>False when the stream is damaged or cut off, or gives more than <paramref name="output"/> holds.</returns>
    internal static bool TryDecode(ReadOnlySpan<byte> input, Span<byte> output, out int written)
    {
        written = 0;
        if (input.Length < HeaderSize || (input[0] & 0xf) != Deflate || ((input[0] << 8) | input[1]) % 31 != 0 || (input[1] & PresetDictionary) != 0)
        {
            return false;
        }

        return DeflateDecoder.TryDecode(input[HeaderSize..], output, out var consumed, out written)
            && input.Length - HeaderSize - consumed >= TrailerSize
            && BinaryPrimitives.ReadUInt32BigEndian(input[(HeaderSize + consumed)..]) == Adler32.Compute(output[..written]);
    }
}
