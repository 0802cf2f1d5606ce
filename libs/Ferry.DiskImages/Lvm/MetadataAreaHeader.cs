using System.Buffers.Binary;

namespace Ferry.DiskImages.Lvm;

/// <summary>Header of a metadata area (LVM2, lib/format_text/layout.h: mda_header, raw_locn). The rest of the area is a ring in which each new text stands behind the one before.</summary>
/// <param name="Start">Offset 24: where the area itself begins on the volume.</param>
/// <param name="AreaSize">Offset 32: its size.</param>
/// <param name="TextOffset">Offset 40: where the text that counts begins in the area; 0: there is none.</param>
/// <param name="TextSize">Offset 48.</param>
/// <param name="TextChecksum">Offset 56.</param>
/// <param name="IsIgnored">Offset 60, bit 0: the area is not kept up to date.</param>
internal readonly record struct MetadataAreaHeader(ulong Start, ulong AreaSize, ulong TextOffset, ulong TextSize, uint TextChecksum, bool IsIgnored)
{
    /// <summary>Size on disk; texts begin behind it.</summary>
    internal const int Size = 512;

    private static ReadOnlySpan<byte> Magic => " LVM2 x[5A%r0N*>"u8;

    /// <summary>Whether checksum (offset 0), magic (offset 4) and version (offset 20) are right.</summary>
    internal static bool IsValid(ReadOnlySpan<byte> bytes) =>
        bytes[4..].StartsWith(Magic) && BinaryPrimitives.ReadUInt32LittleEndian(bytes[20..]) == 1
        && BinaryPrimitives.ReadUInt32LittleEndian(bytes) == LvmChecksum.Compute(bytes[4..Size]);

    /// <summary>Reads the structure.</summary>
    internal static MetadataAreaHeader Read(ReadOnlySpan<byte> bytes) => new(
        BinaryPrimitives.ReadUInt64LittleEndian(bytes[24..]),
        BinaryPrimitives.ReadUInt64LittleEndian(bytes[32..]),
        BinaryPrimitives.ReadUInt64LittleEndian(bytes[40..]),
        BinaryPrimitives.ReadUInt64LittleEndian(bytes[48..]),
        BinaryPrimitives.ReadUInt32LittleEndian(bytes[56..]),
        (BinaryPrimitives.ReadUInt32LittleEndian(bytes[60..]) & 1) != 0);
}
