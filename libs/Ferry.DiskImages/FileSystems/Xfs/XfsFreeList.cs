using System.Buffers.Binary;

namespace Ferry.DiskImages.FileSystems.Xfs;

/// <summary>
/// Free list of an allocation group, AGFL (XFS Algorithms and Data Structures, "AG Free List"), its fourth sector: blocks that are kept for the B+trees and are
/// not in the tree of free space. They count as used. Version 4 has the block numbers alone, version 5 a header before them.
/// </summary>
/// <param name="Blocks">The block numbers that are in use, ascending.</param>
internal readonly record struct XfsFreeList(IReadOnlyList<uint> Blocks)
{
    private const int HeaderSize = 36;
    private const int ChecksumOffset = 32;

    private static ReadOnlySpan<byte> Magic => "XAFL"u8;

    /// <summary>Reads the structure.</summary>
    /// <param name="sector">The whole sector.</param>
    /// <param name="header">The free space header of the same group.</param>
    /// <param name="superblock">The superblock.</param>
    /// <exception cref="VolumeRefusedException">It is damaged, or contradicts the header.</exception>
    internal static XfsFreeList Read(ReadOnlySpan<byte> sector, XfsFreeSpaceHeader header, XfsSuperblock superblock)
    {
        if (superblock.HasChecksums && (!sector.StartsWith(Magic) || !XfsChecksum.IsValid(sector, ChecksumOffset)
            || BinaryPrimitives.ReadUInt32BigEndian(sector[4..]) != header.Group || new Guid(sector.Slice(8, 16)) != superblock.MetaUuid))
        {
            throw VolumeRefusedException.Inconsistent($"The free list of group {header.Group} is damaged.");
        }

        var numbers = superblock.HasChecksums ? sector[HeaderSize..] : sector;
        var size = (uint)numbers.Length / sizeof(uint);
        if (header.FreeListFirst >= size || header.FreeListLast >= size || header.FreeListCount > size
            || (header.FreeListCount > 0 && (header.FreeListLast + size - header.FreeListFirst) % size != header.FreeListCount - 1))
        {
            throw VolumeRefusedException.Inconsistent($"The free list of group {header.Group} has another number of entries than its header says.");
        }

        var blocks = new uint[header.FreeListCount];
        for (var i = 0; i < blocks.Length; i++)
        {
            blocks[i] = BinaryPrimitives.ReadUInt32BigEndian(numbers[((int)((header.FreeListFirst + i) % size) * sizeof(uint))..]);
        }

        Array.Sort(blocks);
        return new XfsFreeList(blocks);
    }
}
