using System.Buffers.Binary;
using Ferry.DiskImages.Metadata;
using Ferry.DiskImages.Sources;

namespace Ferry.DiskImages.Qcow2;

/// <summary>Finds clusters through the L1 and L2 tables (qcow2.txt, "Cluster mapping"). Both are read page by page when they are needed. Safe for concurrent use.</summary>
/// <param name="source">The file of the tables.</param>
/// <param name="geometry">Sizes.</param>
/// <param name="l1Offset">Where the L1 table stands; checked against the file.</param>
/// <param name="version">Version of the header: 2 has no zero clusters.</param>
/// <param name="hasDataFile">Whether clusters stand in another file, at the same offset as on the disk.</param>
/// <param name="cache">Keeps pages of the tables.</param>
internal sealed class ClusterMap(IByteSource source, Qcow2Geometry geometry, long l1Offset, uint version, bool hasDataFile, PageCache cache)
{
    private readonly MetadataPages _pages = new(source, cache);
    private readonly long _l1End = l1Offset + (geometry.L2Count * L1Entry.Size);

    /// <summary>Where a byte of the disk is, and how far behind it the answer holds.</summary>
    /// <param name="offset">The byte; within the disk.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    internal async ValueTask<ClusterRun> FindAsync(long offset, CancellationToken cancellationToken)
    {
        var cluster = offset >> geometry.ClusterBits;
        var table = await FindTableAsync(cluster >> geometry.L2Bits, cancellationToken).ConfigureAwait(false);
        if (table == 0)
        {
            var next = ((cluster >> geometry.L2Bits) + 1) << geometry.L2Bits;
            var end = next >= geometry.ClusterCount ? geometry.Capacity : next << geometry.ClusterBits;
            return new ClusterRun(ClusterKind.Unallocated, end - offset);
        }

        var position = table + ((cluster & (geometry.L2Entries - 1)) * geometry.L2EntrySize);
        var entry = new L2Entry(await ReadAsync(position, cancellationToken).ConfigureAwait(false));
        var inCluster = offset & (geometry.ClusterSize - 1);
        var rest = Math.Min(geometry.ClusterSize - inCluster, geometry.Capacity - offset);
        if (entry.IsCompressed)
        {
            return FindCompressed(entry, rest, position);
        }

        if (entry.HasReservedBits)
        {
            throw Corrupt($"The entry {entry.Value:x16} of cluster {cluster} has bits that are not allowed.", position);
        }

        if (geometry.IsExtended)
        {
            var bitmap = new SubclusterBitmap(await ReadAsync(position + L2Entry.Size, cancellationToken).ConfigureAwait(false));
            return FindSubcluster(entry, bitmap, cluster, inCluster, rest, position);
        }

        if (entry.IsZero)
        {
            return version >= 3 ? new ClusterRun(ClusterKind.Zero, rest) : throw Corrupt($"Cluster {cluster} is a zero cluster, which version 2 does not have.", position);
        }

        return IsAllocated(entry)
            ? new ClusterRun(ClusterKind.Data, rest, Locate(entry, cluster, position) + inCluster)
            : new ClusterRun(ClusterKind.Unallocated, rest);
    }

    /// <summary>Where an L2 table stands; 0: there is none.</summary>
    internal async ValueTask<long> FindTableAsync(long index, CancellationToken cancellationToken)
    {
        var position = l1Offset + (index * L1Entry.Size);
        var entry = new L1Entry(await ReadAsync(position, cancellationToken).ConfigureAwait(false));
        if (entry.HasReservedBits || (entry.Offset & (geometry.ClusterSize - 1)) != 0)
        {
            throw Corrupt($"The L1 entry {entry.Value:x16} is impossible.", position);
        }

        if (entry.Offset != 0)
        {
            RequireFree(entry.Offset, "L2 table", position);
        }

        return entry.Offset;
    }

    private async ValueTask<ulong> ReadAsync(long position, CancellationToken cancellationToken) =>
        BinaryPrimitives.ReverseEndianness(await _pages.ReadUInt64Async(position, cancellationToken).ConfigureAwait(false));

    private ClusterRun FindCompressed(L2Entry entry, long rest, long position)
    {
        if (hasDataFile)
        {
            throw Corrupt("A cluster is compressed, which an image with a data file cannot have.", position);
        }

        var cluster = CompressedCluster.In(entry);
        var start = cluster.Offset(geometry.ClusterBits);
        SourceBounds.Require(source, start, 1, "compressed cluster");

        // The last sector need not be all there.
        return new ClusterRun(ClusterKind.Compressed, rest, start, (int)Math.Min(cluster.Length(geometry.ClusterBits), source.Length - start));
    }

    private ClusterRun FindSubcluster(L2Entry entry, SubclusterBitmap bitmap, long cluster, long inCluster, long rest, long position)
    {
        if (entry.IsZero || bitmap.IsContradictory)
        {
            throw Corrupt($"The entry of cluster {cluster} contradicts itself.", position);
        }

        var subcluster = (int)(inCluster >> geometry.SubclusterBits);
        var (kind, run) = bitmap.At(subcluster);
        var length = Math.Min(rest, ((long)(subcluster + run) << geometry.SubclusterBits) - inCluster);
        if (kind != ClusterKind.Data)
        {
            return new ClusterRun(kind, length);
        }

        return IsAllocated(entry)
            ? new ClusterRun(kind, length, Locate(entry, cluster, position) + inCluster)
            : throw Corrupt($"Subclusters of cluster {cluster} are allocated, the cluster is not.", position);
    }

    /// <summary>In a data file the first cluster stands at offset 0: there the other bit tells.</summary>
    private bool IsAllocated(L2Entry entry) => entry.Offset != 0 || (hasDataFile && entry.IsCopied);

    private long Locate(L2Entry entry, long cluster, long position)
    {
        if ((entry.Offset & (geometry.ClusterSize - 1)) != 0)
        {
            throw Corrupt($"Cluster {cluster} stands at {entry.Offset}, which no cluster can.", position);
        }

        if (!hasDataFile)
        {
            RequireFree(entry.Offset, "cluster", position);
        }
        else if (entry.Offset != cluster << geometry.ClusterBits)
        {
            throw Corrupt($"Cluster {cluster} stands at another offset of the data file, {entry.Offset}, than on the disk.", position);
        }

        return entry.Offset;
    }

    /// <summary>Refuses what would stand upon the header or the L1 table.</summary>
    private void RequireFree(long offset, string what, long position)
    {
        if (offset < geometry.ClusterSize || (offset < _l1End && offset + geometry.ClusterSize > l1Offset))
        {
            throw Corrupt($"A {what} stands at {offset}, upon the header or the L1 table.", position);
        }
    }

    private InvalidDiskImageException Corrupt(string message, long position) => new(DiskImageErrors.Corrupt, message, source.Name, position);
}
