namespace Ferry.DiskImages.Compression.Zstd;

/// <summary>Block header (RFC 8878 section 3.1.1.2), 3 bytes, little-endian bit fields.</summary>
/// <param name="IsLast">Bit 0: the frame ends behind this block.</param>
/// <param name="Kind">Bits 1 and 2.</param>
/// <param name="Length">Bits 3 to 23: bytes that follow; for a repeated byte how often it is repeated.</param>
internal readonly record struct ZstdBlockHeader(bool IsLast, ZstdBlockKind Kind, int Length)
{
    /// <summary>Size of the structure.</summary>
    internal const int Size = 3;

    /// <summary>Most bytes of a block, stored or decompressed.</summary>
    internal const int MaximumSize = 128 * 1024;

    /// <summary>Reads the structure.</summary>
    /// <exception cref="InvalidDataException">The data ends, or there is no such block.</exception>
    internal static ZstdBlockHeader Read(ReadOnlySpan<byte> data)
    {
        if (data.Length < Size)
        {
            throw new InvalidDataException("A zstd frame ends before its last block.");
        }

        var value = data[0] | (data[1] << 8) | (data[2] << 16);
        var header = new ZstdBlockHeader((value & 1) != 0, (ZstdBlockKind)((value >> 1) & 3), value >> 3);
        return header.Length <= MaximumSize ? header : throw new InvalidDataException("A zstd block is larger than allowed.");
    }
}
