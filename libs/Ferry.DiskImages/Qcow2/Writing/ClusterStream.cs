using System.Buffers.Binary;
using Ferry.DiskImages.Writing;

namespace Ferry.DiskImages.Qcow2.Writing;

/// <summary>
/// Gives out places in a file that is written from front to back, for the clusters of the disk in ascending order. Each L2 table follows the clusters that it finds,
/// each refcount block the clusters that it counts, so that of all tables only the last is in memory. Not for concurrent use.
/// </summary>
internal sealed class ClusterStream
{
    private readonly ImageFile _file;
    private readonly Qcow2Layout _layout;
    private readonly int _clusterSize;
    private readonly TablePatch _l1;
    private readonly TablePatch _refcountTable;
    private readonly byte[] _table;
    private readonly RefcountStream _refcounts;
    private long _tableIndex = -1;
    private long _position;

    /// <summary>Begins behind the tables whose place is fixed.</summary>
    internal ClusterStream(ImageFile file, Qcow2Layout layout)
    {
        _file = file;
        _layout = layout;
        _clusterSize = layout.Geometry.ClusterSize;
        _l1 = new TablePatch(file, _clusterSize);
        _refcountTable = new TablePatch(file, _clusterSize);
        _table = new byte[_clusterSize];
        _refcounts = new RefcountStream(_clusterSize);
        for (; _position < layout.FirstCluster * _clusterSize; _position += _clusterSize)
        {
            Count(_position);
        }
    }

    /// <summary>The place of a cluster that is stored as it is.</summary>
    internal long Place(long cluster)
    {
        EnterTable(cluster);
        var place = TakeCluster();
        SetEntry(cluster, L2Entry.Of(place));
        StoreRefcounts();
        return place;
    }

    /// <summary>The place of a compressed cluster: right behind the one before.</summary>
    internal long PlaceCompressed(long cluster, int length)
    {
        EnterTable(cluster);
        var place = _position;
        _position += length;
        for (var at = place - (place % _clusterSize); at < _position; at += _clusterSize)
        {
            Count(at);
        }

        SetEntry(cluster, L2Entry.Of(CompressedCluster.Of(place, length, _layout.Geometry.ClusterBits)));
        StoreRefcounts();
        return place;
    }

    /// <summary>Stores the last tables.</summary>
    /// <returns>The length of the file.</returns>
    internal long Finish()
    {
        StoreTable();
        StoreRefcounts();

        // The last block counts itself, unless it begins another one by that.
        while (_refcounts.Current is { } last)
        {
            var place = TakeCluster();
            if (_refcounts.TryTake(out var full))
            {
                StoreBlock(full, place);
                continue;
            }

            StoreBlock(last, place);
            break;
        }

        _l1.Store();
        _refcountTable.Store();
        return _position;
    }

    private void EnterTable(long cluster)
    {
        var index = cluster >> _layout.Geometry.L2Bits;
        if (index != _tableIndex)
        {
            StoreTable();
            _tableIndex = index;
        }
    }

    private void SetEntry(long cluster, L2Entry entry) =>
        BinaryPrimitives.WriteUInt64BigEndian(_table.AsSpan((int)(cluster & (_layout.Geometry.L2Entries - 1)) * L2Entry.Size), entry.Value);

    private void StoreTable()
    {
        if (_tableIndex >= 0)
        {
            var place = TakeCluster();
            _file.Write(place, _table);
            _l1.Set(_layout.L1Offset + (_tableIndex * L1Entry.Size), L1Entry.Of(place).Value);
            Array.Clear(_table);
        }
    }

    private void StoreRefcounts()
    {
        while (_refcounts.TryTake(out var block))
        {
            StoreBlock(block, TakeCluster());
        }
    }

    private void StoreBlock((long Index, byte[] Bytes) block, long place)
    {
        _file.Write(place, block.Bytes);
        _refcountTable.Set(_layout.RefcountTableOffset + (block.Index * sizeof(ulong)), (ulong)place);
    }

    private long TakeCluster()
    {
        var place = (_position + _clusterSize - 1) / _clusterSize * _clusterSize;
        _position = place + _clusterSize;
        Count(place);
        return place;
    }

    private void Count(long offset) => _refcounts.Add(offset / _clusterSize);
}
