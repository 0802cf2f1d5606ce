using System.Buffers.Binary;

namespace Ferry.DiskImages.FileSystems.Xfs;

/// <summary>Header of a block of the B+tree of free space by block number (XFS Algorithms and Data Structures, "AG Free Space B+trees"), with short pointers.</summary>
/// <param name="Level">Offset 4: 0 for leaves.</param>
/// <param name="Records">Offset 6.</param>
/// <param name="HeaderSize">16, or 56 in version 5.</param>
internal readonly record struct XfsTreeBlock(ushort Level, ushort Records, int HeaderSize)
{
    /// <summary>Bytes of a record, and of a key: block number and count.</summary>
    internal const int RecordSize = 8;

    private const int PointerSize = 4;
    private const int ChecksumOffset = 52;
    private const int OldHeaderSize = 16;
    private const int NewHeaderSize = 56;

    /// <summary>Reads and checks the header.</summary>
    /// <exception cref="VolumeRefusedException">The block is damaged, or not the one that it should be.</exception>
    internal static XfsTreeBlock Read(ReadOnlySpan<byte> block, XfsSuperblock superblock, uint group, long offset)
    {
        var header = new XfsTreeBlock(
            BinaryPrimitives.ReadUInt16BigEndian(block[4..]), BinaryPrimitives.ReadUInt16BigEndian(block[6..]), superblock.HasChecksums ? NewHeaderSize : OldHeaderSize);
        var valid = superblock.HasChecksums
            ? block.StartsWith("AB3B"u8) && XfsChecksum.IsValid(block, ChecksumOffset)
                && BinaryPrimitives.ReadUInt64BigEndian(block[16..]) == (ulong)offset / 512
                && new Guid(block.Slice(32, 16)) == superblock.MetaUuid
                && BinaryPrimitives.ReadUInt32BigEndian(block[48..]) == group
            : block.StartsWith("ABTB"u8);
        return valid && header.Records <= header.Capacity(block.Length)
            ? header
            : throw VolumeRefusedException.Inconsistent($"A block of the free space tree of group {group} at byte {offset} is damaged.");
    }

    /// <summary>Block number and count of a record.</summary>
    internal (uint Block, uint Count) Record(ReadOnlySpan<byte> block, int index)
    {
        var bytes = block[(HeaderSize + (index * RecordSize))..];
        return (BinaryPrimitives.ReadUInt32BigEndian(bytes), BinaryPrimitives.ReadUInt32BigEndian(bytes[4..]));
    }

    /// <summary>The block that a node points to; pointers stand behind the room for all keys.</summary>
    internal uint Pointer(ReadOnlySpan<byte> block, int index) =>
        BinaryPrimitives.ReadUInt32BigEndian(block[(HeaderSize + (Capacity(block.Length) * RecordSize) + (index * PointerSize))..]);

    private int Capacity(int blockSize) => (blockSize - HeaderSize) / (RecordSize + (Level == 0 ? 0 : PointerSize));
}
