using System.Buffers.Binary;

namespace Ferry.DiskImages.Qcow2.Writing;

/// <summary>
/// Refcounts of clusters that are counted in ascending order (qcow2.txt, "Host cluster management"), 16 bits each, big-endian. A block is full when a cluster behind
/// it is counted; it is then to be taken, at the latest before the next one is full.
/// </summary>
internal sealed class RefcountStream(int clusterSize)
{
    private readonly int _perBlock = clusterSize / sizeof(ushort);
    private readonly Queue<(long Index, byte[] Bytes)> _full = [];

    /// <summary>The block of the cluster that was counted last.</summary>
    internal (long Index, byte[] Bytes)? Current { get; private set; }

    /// <summary>Counts a cluster once more.</summary>
    internal void Add(long cluster)
    {
        var index = cluster / _perBlock;
        if (Current is { } before && before.Index != index)
        {
            _full.Enqueue(before);
            Current = null;
        }

        Current ??= (index, new byte[clusterSize]);
        var entry = Current.Value.Bytes.AsSpan((int)(cluster % _perBlock) * sizeof(ushort));
        BinaryPrimitives.WriteUInt16BigEndian(entry, checked((ushort)(BinaryPrimitives.ReadUInt16BigEndian(entry) + 1)));
    }

    /// <summary>Takes a full block.</summary>
    internal bool TryTake(out (long Index, byte[] Bytes) block) => _full.TryDequeue(out block);
}
