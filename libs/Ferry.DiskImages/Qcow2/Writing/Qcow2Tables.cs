using Ferry.DiskImages.Writing;

namespace Ferry.DiskImages.Qcow2.Writing;

/// <summary>
/// Writes what finds the clusters that a plan or a delta adds, and their refcounts: L2 tables behind the clusters in the order of the disk, refcount blocks behind the
/// tables. Whatever an entry says that leads to the old end or behind it is taken for none, as this very work wrote it before it was interrupted; it comes out the
/// same again.
/// </summary>
/// <param name="file">The file.</param>
/// <param name="layout">The places that are fixed.</param>
/// <param name="oldEnd">The first cluster that was not in use before.</param>
internal sealed class Qcow2Tables(ImageFile file, Qcow2Layout layout, long oldEnd)
{
    private readonly int _clusterSize = layout.Geometry.ClusterSize;

    /// <summary>Writes all.</summary>
    /// <param name="added">The clusters of the disk that get a place, ascending, with it, which is ascending too.</param>
    /// <param name="addedEnd">The first cluster behind them.</param>
    /// <param name="firstCounted">The first cluster that gets a refcount: 0 in a new image, else the old end.</param>
    /// <returns>The length of the file.</returns>
    internal long Write(IEnumerable<(long Block, long Cluster)> added, long addedEnd, long firstCounted)
    {
        var end = WriteRefcounts(firstCounted, WriteL2(added, addedEnd)) * _clusterSize;
        file.SetLength(end);
        return end;
    }

    /// <returns>The first cluster behind the new tables.</returns>
    private long WriteL2(IEnumerable<(long Block, long Cluster)> added, long end)
    {
        var l1 = new TablePatch(file, _clusterSize);
        var l2 = new TablePatch(file, _clusterSize);
        long index = -1, table = 0;
        foreach (var (block, cluster) in added)
        {
            if (block >> layout.Geometry.L2Bits != index)
            {
                index = block >> layout.Geometry.L2Bits;
                table = FindOrAdd(l1, layout.L1Offset + (index * L1Entry.Size), L1Entry.Copied, ref end);
            }

            l2.Set(table + ((block & (layout.Geometry.L2Entries - 1)) * L2Entry.Size), L2Entry.Of(cluster * _clusterSize).Value);
        }

        l2.Store();
        l1.Store();
        return end;
    }

    /// <returns>The first cluster behind the new blocks.</returns>
    private long WriteRefcounts(long first, long end)
    {
        var perBlock = layout.RefcountsPerBlock;
        var table = new TablePatch(file, _clusterSize);
        var blocks = new TablePatch(file, _clusterSize);

        // The blocks count themselves, which may take one more of them.
        var next = end;
        for (long before = -1; before != end;)
        {
            before = end;
            end = next;
            for (var index = first / perBlock; index <= (before - 1) / perBlock; index++)
            {
                end += IsOld(table.Get(layout.RefcountTableOffset + (index * sizeof(ulong)))) ? 0 : 1;
            }
        }

        for (var index = first / perBlock; index <= (end - 1) / perBlock; index++)
        {
            var block = FindOrAdd(table, layout.RefcountTableOffset + (index * sizeof(ulong)), flags: 0, ref next);
            var from = Math.Max(first, index * perBlock);
            var to = Math.Min(end, (index + 1) * perBlock);
            blocks.Set(block + ((from - (index * perBlock)) * sizeof(ushort)), to - from, 1);
        }

        blocks.Store();
        table.Store();
        return end;
    }

    /// <summary>Where an entry leads to; where to nothing old, to the next cluster, which is then the entry's.</summary>
    private long FindOrAdd(TablePatch table, long offset, ulong flags, ref long next)
    {
        var entry = table.Get(offset);
        if (IsOld(entry))
        {
            return (long)(entry & L1Entry.OffsetMask);
        }

        var place = next++ * _clusterSize;
        table.Set(offset, (ulong)place | flags);
        return place;
    }

    private bool IsOld(ulong entry) => (entry & L1Entry.OffsetMask) != 0 && (long)(entry & L1Entry.OffsetMask) < oldEnd * _clusterSize;
}
