namespace Ferry.DiskImages.FileSystems.Xfs;

/// <summary>
/// The free ranges of one allocation group, from its B+tree by block number. Each range has to lie behind the one before, so that a tree with loops ends
/// soon, and their sum, and the longest of them, have to be what the header says.
/// </summary>
internal sealed class XfsFreeSpaceTree(VolumeSource volume, XfsSuperblock superblock, XfsGeometry geometry, XfsFreeSpaceHeader header, XfsFreeList list)
{
    /// <summary>The most blocks of trees that are read of a whole file system, enough for a thousand million free ranges.</summary>
    internal const long MostBlocks = 1 << 22;

    /// <summary>The deepest tree that a group can have (xfs_alloc_btree.h, XFS_BTREE_MAXLEVELS).</summary>
    private const uint MostLevels = 9;

    private uint _reach = geometry.HeaderBlocks;
    private ulong _sum;
    private uint _longest;
    private int _listed;
    private long _left;

    /// <summary>Adds the free ranges.</summary>
    /// <param name="unused">Takes them.</param>
    /// <param name="mostBlocks">How many blocks of the tree may be read.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <returns>How many blocks may still be read.</returns>
    /// <exception cref="VolumeRefusedException">The tree is damaged, contradicts other structures, or is too large.</exception>
    internal async ValueTask<long> FindUnusedAsync(UnusedRanges unused, long mostBlocks, CancellationToken cancellationToken)
    {
        _left = mostBlocks;
        if (header.Levels is 0 or > MostLevels)
        {
            throw VolumeRefusedException.Inconsistent($"The free space tree of group {header.Group} has {header.Levels} levels.");
        }

        await WalkAsync(header.Root, header.Levels - 1, unused, cancellationToken).ConfigureAwait(false);
        if (_sum != header.FreeBlocks || _longest != header.Longest)
        {
            throw VolumeRefusedException.Inconsistent($"Group {header.Group} has {_sum} free blocks by its tree and {header.FreeBlocks} by its header.");
        }

        return _left;
    }

    private async ValueTask WalkAsync(uint number, uint level, UnusedRanges unused, CancellationToken cancellationToken)
    {
        if (number < geometry.HeaderBlocks || number >= header.Length || _left-- == 0)
        {
            throw VolumeRefusedException.Inconsistent($"The free space tree of group {header.Group} leads to block {number}, or is too large.");
        }

        var offset = geometry.BlockOffset(header.Group, number);
        var block = await volume.ReadAsync(offset, geometry.BlockSize, "free space tree", cancellationToken).ConfigureAwait(false);
        var node = XfsTreeBlock.Read(block, superblock, header.Group, offset);
        if (node.Level != level || (node.Records == 0 && (level > 0 || header.Levels > 1)))
        {
            throw VolumeRefusedException.Inconsistent($"The free space tree of group {header.Group} has a block of level {node.Level} with {node.Records} records on level {level}.");
        }

        for (var i = 0; i < node.Records; i++)
        {
            if (level > 0)
            {
                await WalkAsync(node.Pointer(block, i), level - 1, unused, cancellationToken).ConfigureAwait(false);
            }
            else
            {
                var (first, count) = node.Record(block, i);
                Add(first, count, unused);
            }
        }
    }

    private void Add(uint first, uint count, UnusedRanges unused)
    {
        if (first < _reach || count == 0 || count > header.Length - first || first >= header.Length)
        {
            throw VolumeRefusedException.Inconsistent($"The free range of {count} blocks at block {first} of group {header.Group} is impossible.");
        }

        _reach = first + count;
        while (_listed < list.Blocks.Count && list.Blocks[_listed] < first)
        {
            _listed++;
        }

        if (_listed < list.Blocks.Count && list.Blocks[_listed] < _reach)
        {
            throw VolumeRefusedException.Inconsistent($"Block {list.Blocks[_listed]} of group {header.Group} is free and in the free list.");
        }

        if (header.Group == geometry.LogGroup && first < geometry.LogBlock + (geometry.LogLength / geometry.BlockSize) && geometry.LogBlock < _reach)
        {
            throw VolumeRefusedException.Inconsistent("A part of the log is said to be free.");
        }

        _sum += count;
        _longest = Math.Max(_longest, count);
        unused.Add(geometry.BlockOffset(header.Group, first), (long)count * geometry.BlockSize);
    }
}
