using System.Buffers.Binary;

namespace Ferry.DiskImages.Vhd;

/// <summary>
/// What stands in place of a footer as long as Ferry has not finished an image: at offset 0 of a dynamic one, at the end of a fixed one, where nothing of the
/// disk's own content stands. Ferry's own structure, 512 bytes, little-endian, with the signature "FERRYVHD" at offset 0.
/// </summary>
/// <param name="Kind">Offset 8.</param>
/// <param name="BlockSize">Offset 12: bytes per block; 0 for a fixed disk.</param>
/// <param name="Capacity">Offset 16: size of the disk in bytes.</param>
/// <param name="UsedSlots">Offset 24: blocks that had a place before a delta.</param>
/// <param name="DiskId">Offset 32.</param>
/// <param name="Digest">Offset 48: 64 hexadecimal digits, see <see cref="Writing.PlanDigest"/>; empty for a conversion in one pass, which cannot be continued.</param>
internal readonly record struct VhdMark(VhdMarkKind Kind, int BlockSize, long Capacity, long UsedSlots, Guid DiskId, string Digest)
{
    /// <summary>Size on disk.</summary>
    internal const int Size = 512;

    private const int DigestOffset = 48;
    private const int DigestSize = 64;
    private const int NoteOffset = 128;

    private static ReadOnlySpan<byte> Signature => "FERRYVHD"u8;

    private static ReadOnlySpan<byte> Note => "This disk image is not finished.\n"u8;

    /// <summary>Whether a mark begins here.</summary>
    internal static bool IsMatch(ReadOnlySpan<byte> bytes) => bytes.Length >= Size && bytes.StartsWith(Signature);

    /// <summary>Reads the structure.</summary>
    internal static VhdMark Read(ReadOnlySpan<byte> bytes) => new(
        (VhdMarkKind)BinaryPrimitives.ReadInt32LittleEndian(bytes[8..]),
        BinaryPrimitives.ReadInt32LittleEndian(bytes[12..]),
        BinaryPrimitives.ReadInt64LittleEndian(bytes[16..]),
        BinaryPrimitives.ReadInt64LittleEndian(bytes[24..]),
        new Guid(bytes.Slice(32, 16), bigEndian: true),
        System.Text.Encoding.ASCII.GetString(bytes.Slice(DigestOffset, DigestSize)).TrimEnd('\0'));

    /// <summary>Writes the structure.</summary>
    internal void Write(Span<byte> bytes)
    {
        bytes = bytes[..Size];
        bytes.Clear();
        Signature.CopyTo(bytes);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[8..], (int)Kind);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[12..], BlockSize);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[16..], Capacity);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[24..], UsedSlots);
        DiskId.TryWriteBytes(bytes[32..], bigEndian: true, out _);
        System.Text.Encoding.ASCII.GetBytes(Digest, bytes.Slice(DigestOffset, DigestSize));
        Note.CopyTo(bytes[NoteOffset..]);
    }
}
