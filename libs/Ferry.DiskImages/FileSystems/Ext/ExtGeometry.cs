namespace Ferry.DiskImages.FileSystems.Ext;

/// <summary>
/// Where the fixed structures of an ext file system are, derived from its superblock (Linux, Documentation/filesystems/ext4, "Layout", "Flexible Block
/// Groups", "Meta Block Groups", "Bigalloc"). The superblock was checked: nothing overflows.
/// </summary>
internal sealed class ExtGeometry
{
    /// <summary>The most groups that are looked at: 512 TiB in the usual groups of 128 MiB.</summary>
    private const ulong MostGroups = 1 << 22;

    private readonly ExtSuperblock _superblock;

    private ExtGeometry(ExtSuperblock superblock, int blockSize, int clusterBlocks, uint groups)
    {
        _superblock = superblock;
        BlockSize = blockSize;
        ClusterBlocks = clusterBlocks;
        Groups = groups;
        DescriptorsPerBlock = (uint)(blockSize / superblock.DescriptorSize);
        DescriptorBlocks = (groups + DescriptorsPerBlock - 1) / DescriptorsPerBlock;
        InodeTableBlocks = (((long)superblock.InodesPerGroup * superblock.InodeSize) + blockSize - 1) / blockSize;
        SuperblockBlock = ExtSuperblock.Offset / blockSize;
    }

    /// <summary>Bytes of a block.</summary>
    internal int BlockSize { get; }

    /// <summary>Blocks of a cluster, which is what a bit of a bitmap stands for; 1 without bigalloc.</summary>
    internal int ClusterBlocks { get; }

    /// <summary>Number of groups.</summary>
    internal uint Groups { get; }

    /// <summary>Group descriptors in a block.</summary>
    internal uint DescriptorsPerBlock { get; }

    /// <summary>Blocks of all group descriptors.</summary>
    internal uint DescriptorBlocks { get; }

    /// <summary>Blocks of a group's inode table.</summary>
    internal long InodeTableBlocks { get; }

    /// <summary>The block that holds the superblock: 1 in blocks of 1 KiB, else 0.</summary>
    internal long SuperblockBlock { get; }

    /// <summary>Clusters of a whole group.</summary>
    internal int ClustersPerGroup => (int)_superblock.BlocksPerGroup / ClusterBlocks;

    /// <summary>Checks the superblock and derives the geometry.</summary>
    /// <exception cref="VolumeRefusedException">The superblock contradicts itself or the volume.</exception>
    internal static ExtGeometry Create(ExtSuperblock superblock, long volumeLength)
    {
        var bigAlloc = superblock.HasReadOnlyCompatible(ExtFeatures.BigAlloc);
        if (superblock.LogBlockSize > 6 || (bigAlloc && (superblock.LogClusterSize < superblock.LogBlockSize || superblock.LogClusterSize > 20)))
        {
            throw VolumeRefusedException.Inconsistent("The size of blocks or clusters is impossible.");
        }

        var blockSize = 1024 << (int)superblock.LogBlockSize;
        var clusterBlocks = bigAlloc ? 1 << (int)(superblock.LogClusterSize - superblock.LogBlockSize) : 1;
        var bitsPerBlock = 8u * (uint)blockSize;
        var clusters = superblock.BlocksPerGroup / (uint)clusterBlocks;
        if (clusters == 0 || clusters % 8 != 0 || clusters > bitsPerBlock || clusters * (uint)clusterBlocks != superblock.BlocksPerGroup || (bigAlloc && clusters != superblock.ClustersPerGroup))
        {
            throw VolumeRefusedException.Inconsistent("The size of a block group is impossible.");
        }

        if (superblock.InodesPerGroup == 0 || superblock.InodesPerGroup > bitsPerBlock || superblock.InodeSize < 128 || superblock.InodeSize > blockSize)
        {
            throw VolumeRefusedException.Inconsistent("The number or size of inodes is impossible.");
        }

        if (superblock.DescriptorSize < ExtGroupDescriptor.Size || superblock.DescriptorSize > 1024 || !uint.IsPow2(superblock.DescriptorSize)
            || (superblock.HasIncompatible(ExtFeatures.Bits64) && superblock.DescriptorSize < ExtGroupDescriptor.LargeSize))
        {
            throw VolumeRefusedException.Inconsistent("The size of a group descriptor is impossible.");
        }

        var firstLimit = blockSize == 1024 ? 1u : 0u;
        if (superblock.FirstDataBlock > firstLimit || superblock.Blocks <= superblock.FirstDataBlock || superblock.Blocks > (ulong)(volumeLength / blockSize))
        {
            throw VolumeRefusedException.Inconsistent($"The file system has {superblock.Blocks} blocks of {blockSize} bytes, the volume {volumeLength} bytes.");
        }

        var groups = (superblock.Blocks - superblock.FirstDataBlock + superblock.BlocksPerGroup - 1) / superblock.BlocksPerGroup;
        return groups <= MostGroups && groups * superblock.InodesPerGroup == superblock.Inodes
            ? new ExtGeometry(superblock, blockSize, clusterBlocks, (uint)groups)
            : throw VolumeRefusedException.Inconsistent($"{groups} block groups of {superblock.InodesPerGroup} inodes do not fit {superblock.Inodes} inodes, or are too many.");
    }

    /// <summary>The first block of a group.</summary>
    internal long FirstBlock(uint group) => _superblock.FirstDataBlock + ((long)group * _superblock.BlocksPerGroup);

    /// <summary>The block behind a group; the last one may be shorter.</summary>
    internal long EndBlock(uint group) => Math.Min(FirstBlock(group) + _superblock.BlocksPerGroup, (long)_superblock.Blocks);

    /// <summary>Whether a group has a copy of the superblock.</summary>
    internal bool HasSuperblock(uint group)
    {
        if (group == 0)
        {
            return true;
        }

        if ((_superblock.Compatible & ExtFeatures.SparseSuper2) != 0)
        {
            return group == _superblock.BackupGroups.First || group == _superblock.BackupGroups.Second;
        }

        return group == 1 || !_superblock.HasReadOnlyCompatible(ExtFeatures.SparseSuper) || IsPower(group, 3) || IsPower(group, 5) || IsPower(group, 7);
    }

    /// <summary>The block of group descriptors that has that number.</summary>
    internal long DescriptorBlock(uint number)
    {
        if (!_superblock.HasIncompatible(ExtFeatures.MetaBlockGroups) || number < _superblock.FirstMetaBlockGroup)
        {
            return SuperblockBlock + 1 + number;
        }

        var group = number * DescriptorsPerBlock;
        return FixedStart(group) + (HasSuperblock(group) ? 1 : 0);
    }

    /// <summary>The blocks of a group that hold copies of the superblock and of group descriptors, or are kept for more of these; empty: none.</summary>
    internal (long First, long End) FixedBlocks(uint group)
    {
        var first = FixedStart(group);
        var superblock = HasSuperblock(group) ? 1 : 0;
        var meta = _superblock.HasIncompatible(ExtFeatures.MetaBlockGroups);
        if (meta && group / DescriptorsPerBlock >= _superblock.FirstMetaBlockGroup)
        {
            // The first, second and last group of a meta block group have its one block of descriptors.
            var place = group % DescriptorsPerBlock;
            return (first, first + superblock + (place <= 1 || place == DescriptorsPerBlock - 1 ? 1 : 0));
        }

        var descriptors = meta ? Math.Min(_superblock.FirstMetaBlockGroup, DescriptorBlocks) : DescriptorBlocks;
        return (first, first + (superblock * (1 + descriptors + _superblock.ReservedDescriptorBlocks)));
    }

    /// <summary>In blocks of 1 KiB with clusters, group 0 begins with block 0, and the superblock is in block 1 all the same.</summary>
    private long FixedStart(uint group) => group == 0 ? SuperblockBlock : FirstBlock(group);

    private static bool IsPower(uint number, uint root)
    {
        while (number % root == 0)
        {
            number /= root;
        }

        return number == 1;
    }
}
