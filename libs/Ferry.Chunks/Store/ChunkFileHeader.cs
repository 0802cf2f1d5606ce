using System.Buffers.Binary;

namespace Ferry.Chunks.Store;

/// <summary>The first 16 bytes of a chunk's file (docs/formats/chunk-store.md): offset 0 magic, 4 encoding, 8 length of the chunk, 12 length of what follows.</summary>
internal readonly record struct ChunkFileHeader(ChunkEncoding Encoding, int Length, int PayloadLength)
{
    /// <summary>Size in bytes.</summary>
    public const int Size = 16;

    /// <summary>The longest chunk: bounds what a hostile file can make us decompress.</summary>
    public const int MaxLength = 64 << 20;

    private static ReadOnlySpan<byte> Magic => "FCK1"u8;

    /// <summary>Length that the whole file must have.</summary>
    public long FileLength => Size + (long)PayloadLength;

    /// <summary>Reads a header; false when these bytes are none.</summary>
    public static bool TryRead(ReadOnlySpan<byte> source, out ChunkFileHeader header)
    {
        header = default;
        if (source.Length < Size || !source[..4].SequenceEqual(Magic) || source[5] != 0 || source[6] != 0 || source[7] != 0)
        {
            return false;
        }

        header = new ChunkFileHeader(
            (ChunkEncoding)source[4], BinaryPrimitives.ReadInt32LittleEndian(source[8..]), BinaryPrimitives.ReadInt32LittleEndian(source[12..]));
        return header.Length is >= 1 and <= MaxLength
            && header.PayloadLength >= 1
            && (header.Encoding == ChunkEncoding.Raw ? header.PayloadLength == header.Length : header.PayloadLength < header.Length)
            && header.Encoding is ChunkEncoding.Raw or ChunkEncoding.Zstd;
    }

    /// <summary>Writes the 16 bytes.</summary>
    public void Write(Span<byte> destination)
    {
        Magic.CopyTo(destination);
        destination[4] = (byte)Encoding;
        destination[5..8].Clear();
        BinaryPrimitives.WriteInt32LittleEndian(destination[8..], Length);
        BinaryPrimitives.WriteInt32LittleEndian(destination[12..], PayloadLength);
    }
}
