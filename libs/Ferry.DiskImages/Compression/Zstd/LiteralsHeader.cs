namespace Ferry.DiskImages.Compression.Zstd;

/// <summary>Literals section header (RFC 8878 section 3.1.1.3.1.1), 1 to 5 bytes, little-endian bit fields.</summary>
/// <param name="Kind">Bits 0 and 1: how the literals are stored.</param>
/// <param name="Regenerated">Number of literals.</param>
/// <param name="Compressed">Bytes that they take, the tree included; for plain and repeated literals the bytes that are stored.</param>
/// <param name="IsSingleStream">One Huffman stream, else four.</param>
/// <param name="Size">Bytes of the header.</param>
internal readonly record struct LiteralsHeader(LiteralsKind Kind, int Regenerated, int Compressed, bool IsSingleStream, int Size)
{
    /// <summary>Reads the structure.</summary>
    /// <exception cref="InvalidDataException">The data ends within it.</exception>
    internal static LiteralsHeader Read(ReadOnlySpan<byte> data)
    {
        Require(!data.IsEmpty);
        var kind = (LiteralsKind)(data[0] & 3);
        var format = (data[0] >> 2) & 3;
        var compressed = kind is LiteralsKind.Compressed or LiteralsKind.Treeless;
        var size = (compressed, format) switch
        {
            (false, 0 or 2) => 1,
            (false, 1) => 2,
            (false, _) or (true, 0 or 1) => 3,
            (true, 2) => 4,
            _ => 5,
        };
        Require(size <= data.Length);
        ulong bits = 0;
        for (var i = 0; i < size; i++)
        {
            bits |= (ulong)data[i] << (i * 8);
        }

        if (!compressed)
        {
            var count = (int)(bits >> (size == 1 ? 3 : 4));
            return new LiteralsHeader(kind, count, kind == LiteralsKind.Repeated ? 1 : count, true, size);
        }

        // The two sizes share what the four lowest bits leave.
        var width = ((size * 8) - 4) / 2;
        var mask = (1 << width) - 1;
        return new LiteralsHeader(kind, (int)(bits >> 4) & mask, (int)(bits >> (4 + width)) & mask, format == 0, size);
    }

    private static void Require(bool holds)
    {
        if (!holds)
        {
            throw new InvalidDataException("A zstd block ends within its literals header.");
        }
    }
}
