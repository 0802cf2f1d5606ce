using System.Buffers.Binary;

namespace Ferry.DiskImages.Vmdk;

/// <summary>
/// Header of a hosted sparse extent ("VMware Virtual Disk Format 5.0", section "Hosted Sparse Extents"): one sector at offset 0, and again as the footer
/// of a stream-optimized extent. Little-endian; counts and offsets in sectors of 512 bytes.
/// </summary>
/// <param name="Version">Offset 4: 1, 2 (zeroed grains) or 3 (stream-optimized by newer products).</param>
/// <param name="Flags">Offset 8.</param>
/// <param name="Capacity">Offset 12: size of the extent.</param>
/// <param name="GrainSize">Offset 20: sectors per grain, a power of 2.</param>
/// <param name="DescriptorOffset">Offset 28: embedded descriptor, 0 for none.</param>
/// <param name="DescriptorSize">Offset 36.</param>
/// <param name="GrainTableEntries">Offset 44: entries per grain table, 512.</param>
/// <param name="RedundantDirectoryOffset">Offset 48.</param>
/// <param name="DirectoryOffset">Offset 56, or <see cref="DirectoryAtEnd"/>.</param>
/// <param name="Overhead">Offset 64: sectors of metadata before the first grain.</param>
/// <param name="CompressAlgorithm">Offset 77: 0 none, 1 deflate.</param>
internal readonly record struct SparseExtentHeader(
    uint Version,
    SparseExtentFlags Flags,
    ulong Capacity,
    ulong GrainSize,
    ulong DescriptorOffset,
    ulong DescriptorSize,
    uint GrainTableEntries,
    ulong RedundantDirectoryOffset,
    ulong DirectoryOffset,
    ulong Overhead,
    ushort CompressAlgorithm)
{
    /// <summary>Size on disk: one sector.</summary>
    internal const int Size = 512;

    /// <summary>Offset 0: "KDMV".</summary>
    internal const uint Magic = 0x564d444b;

    /// <summary>The grain directory stands at the end of the file, the footer says where.</summary>
    internal const ulong DirectoryAtEnd = ulong.MaxValue;

    /// <summary>Offset 73: newline, space, carriage return, newline; damaged by a transfer in text mode.</summary>
    private static ReadOnlySpan<byte> LineEnds => "\n \r\n"u8;

    /// <summary>Whether a file begins with the magic number.</summary>
    internal static bool IsMatch(ReadOnlySpan<byte> start) => start.Length >= 4 && BinaryPrimitives.ReadUInt32LittleEndian(start) == Magic;

    /// <summary>Whether the four bytes that a transfer in text mode would change are as they must be.</summary>
    internal static bool HasIntactLineEnds(ReadOnlySpan<byte> sector) => sector.Slice(73, 4).SequenceEqual(LineEnds);

    /// <summary>Reads the structure.</summary>
    internal static SparseExtentHeader Read(ReadOnlySpan<byte> sector) => new(
        BinaryPrimitives.ReadUInt32LittleEndian(sector[4..]),
        (SparseExtentFlags)BinaryPrimitives.ReadUInt32LittleEndian(sector[8..]),
        BinaryPrimitives.ReadUInt64LittleEndian(sector[12..]),
        BinaryPrimitives.ReadUInt64LittleEndian(sector[20..]),
        BinaryPrimitives.ReadUInt64LittleEndian(sector[28..]),
        BinaryPrimitives.ReadUInt64LittleEndian(sector[36..]),
        BinaryPrimitives.ReadUInt32LittleEndian(sector[44..]),
        BinaryPrimitives.ReadUInt64LittleEndian(sector[48..]),
        BinaryPrimitives.ReadUInt64LittleEndian(sector[56..]),
        BinaryPrimitives.ReadUInt64LittleEndian(sector[64..]),
        BinaryPrimitives.ReadUInt16LittleEndian(sector[77..]));

    /// <summary>Writes the structure with its magic number and line ends.</summary>
    internal void Write(Span<byte> sector)
    {
        sector[..Size].Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(sector, Magic);
        BinaryPrimitives.WriteUInt32LittleEndian(sector[4..], Version);
        BinaryPrimitives.WriteUInt32LittleEndian(sector[8..], (uint)Flags);
        BinaryPrimitives.WriteUInt64LittleEndian(sector[12..], Capacity);
        BinaryPrimitives.WriteUInt64LittleEndian(sector[20..], GrainSize);
        BinaryPrimitives.WriteUInt64LittleEndian(sector[28..], DescriptorOffset);
        BinaryPrimitives.WriteUInt64LittleEndian(sector[36..], DescriptorSize);
        BinaryPrimitives.WriteUInt32LittleEndian(sector[44..], GrainTableEntries);
        BinaryPrimitives.WriteUInt64LittleEndian(sector[48..], RedundantDirectoryOffset);
        BinaryPrimitives.WriteUInt64LittleEndian(sector[56..], DirectoryOffset);
        BinaryPrimitives.WriteUInt64LittleEndian(sector[64..], Overhead);
        LineEnds.CopyTo(sector[73..]);
        BinaryPrimitives.WriteUInt16LittleEndian(sector[77..], CompressAlgorithm);
    }
}
