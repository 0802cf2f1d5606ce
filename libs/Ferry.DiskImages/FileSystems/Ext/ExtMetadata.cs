namespace Ferry.DiskImages.FileSystems.Ext;

/// <summary>
/// All blocks that hold the structures of a file system itself, in order: superblocks, group descriptors and what is kept for them, bitmaps, inode tables.
/// With flex_bg they may be in any group, so all descriptors are read before the first bitmap.
/// </summary>
internal sealed class ExtMetadata
{
    /// <summary>The most ranges that are held, 16 MiB of memory; file systems of 100 TiB have fewer.</summary>
    private const int MostRanges = 1 << 20;

    private readonly List<(long First, long End)> _ranges = [];
    private int _next;

    private ExtMetadata()
    {
    }

    /// <summary>Collects the blocks.</summary>
    /// <exception cref="VolumeRefusedException">Structures overlap, or are outside of the file system.</exception>
    internal static async ValueTask<ExtMetadata> ReadAsync(ExtGroupTable table, ExtGeometry geometry, CancellationToken cancellationToken)
    {
        var metadata = new ExtMetadata();
        var end = geometry.EndBlock(geometry.Groups - 1);
        // Neighbours in the table are mostly neighbours on the disk, each kind for itself: they are joined before they are kept.
        var (bitmaps, inodeBitmaps, tables) = (default((long, long)), default((long, long)), default((long, long)));
        for (var group = 0u; group < geometry.Groups; group++)
        {
            var descriptor = await table.ReadAsync(group, cancellationToken).ConfigureAwait(false);
            var (first, fixedEnd) = geometry.FixedBlocks(group);
            if (first < fixedEnd)
            {
                metadata.Keep((first, fixedEnd), end);
            }

            metadata.Join(ref bitmaps, descriptor.BlockBitmap, 1, end);
            metadata.Join(ref inodeBitmaps, descriptor.InodeBitmap, 1, end);
            metadata.Join(ref tables, descriptor.InodeTable, geometry.InodeTableBlocks, end);
        }

        metadata.Keep(bitmaps, end);
        metadata.Keep(inodeBitmaps, end);
        metadata.Keep(tables, end);
        metadata._ranges.Sort();
        for (var i = 1; i < metadata._ranges.Count; i++)
        {
            if (metadata._ranges[i].First < metadata._ranges[i - 1].End)
            {
                throw VolumeRefusedException.Inconsistent($"Two structures of the file system are in block {metadata._ranges[i].First}.");
            }
        }

        return metadata;
    }

    /// <summary>The parts of a range of blocks that hold structures, in order. Ranges are asked for in ascending order.</summary>
    internal IEnumerable<(long First, long End)> Within(long first, long end)
    {
        while (_next < _ranges.Count && _ranges[_next].End <= first)
        {
            _next++;
        }

        for (var i = _next; i < _ranges.Count && _ranges[i].First < end; i++)
        {
            yield return (Math.Max(first, _ranges[i].First), Math.Min(end, _ranges[i].End));
        }
    }

    private void Join(ref (long First, long End) open, ulong block, long count, long end)
    {
        if (block == 0 || block > (ulong)end)
        {
            throw VolumeRefusedException.Inconsistent($"A group's structures are in block {block}, the file system ends at block {end}.");
        }

        if (open.End == (long)block)
        {
            open.End += count;
            return;
        }

        Keep(open, end);
        open = ((long)block, (long)block + count);
    }

    private void Keep((long First, long End) range, long end)
    {
        if (range.End == 0)
        {
            return;
        }

        if (range.End > end || _ranges.Count == MostRanges)
        {
            throw VolumeRefusedException.Inconsistent($"Structures of the file system leave it at block {range.First}, or are too scattered.");
        }

        if (_ranges.Count > 0 && _ranges[^1].End == range.First)
        {
            _ranges[^1] = (_ranges[^1].First, range.End);
            return;
        }

        _ranges.Add(range);
    }
}
