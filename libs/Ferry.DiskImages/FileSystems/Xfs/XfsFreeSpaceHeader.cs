using System.Buffers.Binary;

namespace Ferry.DiskImages.FileSystems.Xfs;

/// <summary>Free space header of an allocation group, AGF (XFS Algorithms and Data Structures, "AG Free Space Management"), its second sector.</summary>
/// <param name="Version">Offset 4: 1.</param>
/// <param name="Group">Offset 8.</param>
/// <param name="Length">Offset 12: blocks of the group.</param>
/// <param name="Root">Offset 16: root block of the B+tree of free space by block number.</param>
/// <param name="Levels">Offset 28: its levels.</param>
/// <param name="FreeListFirst">Offset 40: first entry of the free list.</param>
/// <param name="FreeListLast">Offset 44: last entry, inclusive.</param>
/// <param name="FreeListCount">Offset 48: number of entries.</param>
/// <param name="FreeBlocks">Offset 52: blocks in the B+tree.</param>
/// <param name="Longest">Offset 56: blocks of the longest free range.</param>
/// <param name="Uuid">Offset 64, version 5.</param>
internal readonly record struct XfsFreeSpaceHeader(
    uint Version, uint Group, uint Length, uint Root, uint Levels, uint FreeListFirst, uint FreeListLast, uint FreeListCount, uint FreeBlocks, uint Longest, Guid Uuid)
{
    /// <summary>Place of the checksum in version 5, which covers the sector.</summary>
    internal const int ChecksumOffset = 216;

    private static ReadOnlySpan<byte> Magic => "XAGF"u8;

    /// <summary>Whether the magic number is there.</summary>
    internal static bool IsMatch(ReadOnlySpan<byte> bytes) => bytes.StartsWith(Magic);

    /// <summary>Reads the structure.</summary>
    internal static XfsFreeSpaceHeader Read(ReadOnlySpan<byte> bytes) => new(
        BinaryPrimitives.ReadUInt32BigEndian(bytes[4..]),
        BinaryPrimitives.ReadUInt32BigEndian(bytes[8..]),
        BinaryPrimitives.ReadUInt32BigEndian(bytes[12..]),
        BinaryPrimitives.ReadUInt32BigEndian(bytes[16..]),
        BinaryPrimitives.ReadUInt32BigEndian(bytes[28..]),
        BinaryPrimitives.ReadUInt32BigEndian(bytes[40..]),
        BinaryPrimitives.ReadUInt32BigEndian(bytes[44..]),
        BinaryPrimitives.ReadUInt32BigEndian(bytes[48..]),
        BinaryPrimitives.ReadUInt32BigEndian(bytes[52..]),
        BinaryPrimitives.ReadUInt32BigEndian(bytes[56..]),
        new Guid(bytes.Slice(64, 16)));
}
