using System.Buffers;
using Ferry.DiskImages.Compression.Deflate;
using Ferry.DiskImages.Conversion;
using Ferry.DiskImages.Writing;

namespace Ferry.DiskImages.Qcow2.Writing;

/// <summary>The clusters of a piece of the disk that are not zero, compressed or to be stored as they are.</summary>
internal sealed class Qcow2Piece : IPreparedPiece
{
    private readonly ImageFile _file;
    private readonly ClusterStream _stream;
    private readonly ReadOnlyMemory<byte> _data;
    private readonly int _clusterSize;
    private readonly Item[] _items;
    private readonly byte[] _compressed;
    private int _count;
    private int _compressedEnd;

    /// <summary>Creates a piece without clusters.</summary>
    /// <param name="file">Where they go.</param>
    /// <param name="stream">Gives them their places.</param>
    /// <param name="data">The piece of the disk.</param>
    /// <param name="clusterSize">Bytes per cluster.</param>
    /// <param name="isCompressed">Whether to compress.</param>
    internal Qcow2Piece(ImageFile file, ClusterStream stream, ReadOnlyMemory<byte> data, int clusterSize, bool isCompressed)
    {
        _file = file;
        _stream = stream;
        _data = data;
        _clusterSize = clusterSize;
        _items = ArrayPool<Item>.Shared.Rent((data.Length + clusterSize - 1) / clusterSize);
        _compressed = isCompressed ? ArrayPool<byte>.Shared.Rent(data.Length + clusterSize + DeflateEncoder.Slack) : [];
    }

    /// <summary>Adds the next cluster and compresses it; where that does not make it smaller it stays as it is.</summary>
    /// <param name="cluster">Its number on the disk.</param>
    /// <param name="start">Where it begins in the piece.</param>
    /// <param name="length">Its length; the last cluster of a disk may end early.</param>
    internal void Add(long cluster, int start, int length)
    {
        var count = _compressed.Length > 0 ? Compress(_data.Span.Slice(start, length)) : 0;
        _items[_count++] = count > 0 ? new Item(cluster, _compressedEnd, count, true, 0) : new Item(cluster, start, length, false, 0);
        _compressedEnd += count;
    }

    /// <inheritdoc/>
    public ValueTask PlaceAsync(CancellationToken cancellationToken)
    {
        foreach (ref var item in _items.AsSpan(0, _count))
        {
            item = item with { Place = item.IsCompressed ? _stream.PlaceCompressed(item.Cluster, item.Length) : _stream.Place(item.Cluster) };
        }

        return ValueTask.CompletedTask;
    }

    /// <summary>Clusters that stand side by side both here and in the file are written at once.</summary>
    public ValueTask<long> WriteAsync(CancellationToken cancellationToken)
    {
        long written = 0;
        for (var i = 0; i < _count;)
        {
            var (first, length) = (_items[i], 0);
            for (; i < _count && _items[i].Continues(first, length); i++)
            {
                length += _items[i].Length;
            }

            written += first.IsCompressed ? Write(first.Place, _compressed.AsSpan(first.Start, length)) : WriteData(first.Place, _data.Span.Slice(first.Start, length));
        }

        ArrayPool<Item>.Shared.Return(_items);
        if (_compressed.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_compressed);
        }

        return ValueTask.FromResult(written);
    }

    private int Compress(ReadOnlySpan<byte> data)
    {
        if (data.Length == _clusterSize)
        {
            return DeflateEncoder.Encode(data, _compressed.AsSpan(_compressedEnd), _clusterSize - 1);
        }

        // A compressed cluster is always whole; behind the end of the disk it is zero.
        var whole = ArrayPool<byte>.Shared.Rent(_clusterSize);
        data.CopyTo(whole);
        whole.AsSpan(data.Length, _clusterSize - data.Length).Clear();
        var count = DeflateEncoder.Encode(whole.AsSpan(0, _clusterSize), _compressed.AsSpan(_compressedEnd), _clusterSize - 1);
        ArrayPool<byte>.Shared.Return(whole);
        return count;
    }

    /// <summary>Long runs of zeros stay holes.</summary>
    private long WriteData(long place, ReadOnlySpan<byte> data)
    {
        long written = 0;
        foreach (var run in ZeroRuns.FindData(data, place, ZeroRuns.Granule) ?? [])
        {
            written += Write(place + run.Start.Value, data[run]);
        }

        return written;
    }

    private int Write(long place, ReadOnlySpan<byte> bytes)
    {
        _file.Write(place, bytes);
        return bytes.Length;
    }

    /// <summary>A cluster.</summary>
    /// <param name="Cluster">Its number on the disk.</param>
    /// <param name="Start">Where its bytes begin: compressed ones in their buffer, others in the piece.</param>
    /// <param name="Length">How many they are.</param>
    /// <param name="IsCompressed">Whether they are compressed.</param>
    /// <param name="Place">Where they go.</param>
    private readonly record struct Item(long Cluster, int Start, int Length, bool IsCompressed, long Place)
    {
        /// <summary>Whether this cluster goes on where a run ends that begins with another.</summary>
        internal bool Continues(Item first, int length) => IsCompressed == first.IsCompressed && Start == first.Start + length && Place == first.Place + length;
    }
}
