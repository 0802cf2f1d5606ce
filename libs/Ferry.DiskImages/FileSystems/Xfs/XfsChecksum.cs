using System.Buffers.Binary;
using Ferry.DiskImages.Checksums;

namespace Ferry.DiskImages.FileSystems.Xfs;

/// <summary>CRC-32C of a structure of XFS version 5, stored little-endian in it (XFS Algorithms and Data Structures, "Self Describing Metadata").</summary>
internal static class XfsChecksum
{
    /// <summary>Whether the checksum is right.</summary>
    /// <param name="bytes">All bytes that it covers.</param>
    /// <param name="offset">Where it stands; its four bytes count as zero.</param>
    internal static bool IsValid(ReadOnlySpan<byte> bytes, int offset) =>
        BinaryPrimitives.ReadUInt32LittleEndian(bytes[offset..]) == Crc32C.Compute(bytes, offset);
}
