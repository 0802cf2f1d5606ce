namespace Ferry.DiskImages.FileSystems.Xfs;

/// <summary>Where the structures of an XFS file system are, from its superblock, which is checked here: nothing overflows afterwards.</summary>
internal sealed class XfsGeometry
{
    /// <summary>The sectors at the start of each group: superblock, free space header, inode header, free list.</summary>
    internal const int HeaderSectors = 4;

    /// <summary>The most groups that are looked at; real file systems have a few dozen.</summary>
    private const uint MostGroups = 1 << 20;

    private readonly XfsSuperblock _superblock;

    private XfsGeometry(XfsSuperblock superblock) => _superblock = superblock;

    /// <summary>Bytes of a block.</summary>
    internal int BlockSize => (int)_superblock.BlockSize;

    /// <summary>Bytes of a sector.</summary>
    internal int SectorSize => _superblock.SectorSize;

    /// <summary>Number of groups.</summary>
    internal uint Groups => _superblock.Groups;

    /// <summary>Blocks at the start of each group that its headers take.</summary>
    internal uint HeaderBlocks => (uint)((HeaderSectors * SectorSize + BlockSize - 1) / BlockSize);

    /// <summary>The group that has the log.</summary>
    internal uint LogGroup => (uint)(_superblock.LogStart >> _superblock.LogGroupBlocks);

    /// <summary>First block of the log in its group.</summary>
    internal uint LogBlock => (uint)(_superblock.LogStart & ((1UL << _superblock.LogGroupBlocks) - 1));

    /// <summary>Byte of the volume where the log begins.</summary>
    internal long LogOffset => BlockOffset(LogGroup, LogBlock);

    /// <summary>Bytes of the log.</summary>
    internal long LogLength => (long)_superblock.LogBlocks * BlockSize;

    /// <summary>Checks the superblock.</summary>
    /// <exception cref="VolumeRefusedException">It contradicts itself or the volume.</exception>
    internal static XfsGeometry Create(XfsSuperblock superblock, long volumeLength)
    {
        if (!uint.IsPow2(superblock.BlockSize) || superblock.BlockSize is < 512 or > 65536
            || !uint.IsPow2(superblock.SectorSize) || superblock.SectorSize is < 512 or > 32768 || superblock.SectorSize > superblock.BlockSize)
        {
            throw VolumeRefusedException.Inconsistent("The size of blocks or sectors is impossible.");
        }

        var geometry = new XfsGeometry(superblock);
        var groups = superblock.GroupBlocks == 0 ? 0 : (superblock.Blocks / superblock.GroupBlocks) + (superblock.Blocks % superblock.GroupBlocks == 0 ? 0UL : 1);
        if (superblock.Blocks > (ulong)(volumeLength / superblock.BlockSize) || groups != superblock.Groups || groups is 0 or > MostGroups
            || superblock.LogGroupBlocks > 31 || superblock.GroupBlocks > 1U << superblock.LogGroupBlocks || geometry.GroupLength(superblock.Groups - 1) <= geometry.HeaderBlocks)
        {
            throw VolumeRefusedException.Inconsistent(
                $"The file system has {superblock.Groups} groups and {superblock.Blocks} blocks of {superblock.BlockSize} bytes, the volume {volumeLength} bytes.");
        }

        var logGroup = superblock.LogStart >> superblock.LogGroupBlocks;
        return logGroup < groups && geometry.LogBlock >= geometry.HeaderBlocks && geometry.LogBlock + (ulong)superblock.LogBlocks <= geometry.GroupLength((uint)logGroup)
            ? geometry
            : throw VolumeRefusedException.Inconsistent("The log does not lie within a group.");
    }

    /// <summary>Blocks of a group; the last one may be shorter.</summary>
    internal uint GroupLength(uint group) =>
        group < _superblock.Groups - 1 ? _superblock.GroupBlocks : (uint)(_superblock.Blocks - ((ulong)group * _superblock.GroupBlocks));

    /// <summary>Byte of the volume where a block of a group begins.</summary>
    internal long BlockOffset(uint group, uint block) => (((long)group * _superblock.GroupBlocks) + block) * BlockSize;
}
