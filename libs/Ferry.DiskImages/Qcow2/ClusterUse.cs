using System.Runtime.CompilerServices;
using Ferry.DiskImages.Checking;
using Ferry.DiskImages.Metadata;
using Ferry.DiskImages.Sources;

namespace Ferry.DiskImages.Qcow2;

/// <summary>What the structures and clusters of an image take of its files, for the check of the image.</summary>
/// <param name="source">The image.</param>
/// <param name="data">The file of the data clusters; the same, or the external data file.</param>
/// <param name="map">Its clusters.</param>
/// <param name="geometry">Sizes.</param>
/// <param name="header">The header.</param>
internal sealed class ClusterUse(IByteSource source, IByteSource data, ClusterMap map, Qcow2Geometry geometry, Qcow2Header header)
{
    private const long RefcountOffsetMask = ~0x1ffL;

    private int DataFile => ReferenceEquals(source, data) ? 0 : 1;

    /// <summary>Every part, each once.</summary>
    internal async IAsyncEnumerable<UsedRange> EnumerateAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        yield return new UsedRange(0, 0, Math.Min(geometry.ClusterSize, source.Length), "header");
        var l1Size = header.L1Entries * (long)L1Entry.Size;
        yield return new UsedRange(0, (long)header.L1Offset, Math.Min(WholeClusters(l1Size), Math.Max(l1Size, source.Length - (long)header.L1Offset)), "L1 table");
        await foreach (var part in RefcountsAsync(cancellationToken).ConfigureAwait(false))
        {
            yield return part;
        }

        for (long index = 0; index < geometry.L2Count; index++)
        {
            var table = await map.FindTableAsync(index, cancellationToken).ConfigureAwait(false);
            if (table == 0)
            {
                continue;
            }

            yield return new UsedRange(0, table, geometry.ClusterSize, "L2 table", index);
            var end = Math.Min(geometry.ClusterCount, (index + 1) << geometry.L2Bits);
            for (var cluster = index << geometry.L2Bits; cluster < end; cluster++)
            {
                if (Place(await map.ReadEntryAsync(table, cluster, cancellationToken).ConfigureAwait(false), cluster) is { } place)
                {
                    yield return place;
                }
            }
        }
    }

    /// <summary>The refcount table and the blocks that it names (qcow2.txt, "Host cluster management").</summary>
    private async IAsyncEnumerable<UsedRange> RefcountsAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var start = (long)header.RefcountTableOffset;
        var size = header.RefcountTableClusters * (long)geometry.ClusterSize;
        if (size == 0)
        {
            yield break;
        }

        SourceBounds.Require(source, start, size, "refcount table");
        yield return new UsedRange(0, start, size, "refcount table");
        for (long index = 0; index < size / sizeof(ulong); index++)
        {
            var block = (long)await map.ReadAsync(start + (index * sizeof(ulong)), cancellationToken).ConfigureAwait(false) & RefcountOffsetMask;
            if (block != 0)
            {
                yield return new UsedRange(0, block, geometry.ClusterSize, "refcount block", index);
            }
        }
    }

    private UsedRange? Place(L2Entry entry, long cluster)
    {
        if (entry.IsCompressed)
        {
            var compressed = CompressedCluster.In(entry);
            var start = compressed.Offset(geometry.ClusterBits);

            // Where the data ends within its last sector is not known, and the last sector need not be all there.
            return new UsedRange(0, start, Math.Max(1, Math.Min(compressed.Length(geometry.ClusterBits), source.Length - start)), "compressed cluster", cluster, SharesSectors: true);
        }

        // A zero cluster that keeps its place counts too.
        return map.IsAllocated(entry)
            ? UsedRange.Block(entry.Offset, geometry.ClusterSize, Math.Min(geometry.ClusterSize, geometry.Capacity - (cluster << geometry.ClusterBits)), data.Length, cluster)
                with { File = DataFile }
            : null;
    }

    private long WholeClusters(long bytes) => (bytes + geometry.ClusterSize - 1) & -(long)geometry.ClusterSize;
}
