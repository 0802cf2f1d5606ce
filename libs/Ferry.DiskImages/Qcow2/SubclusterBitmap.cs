using System.Numerics;

namespace Ferry.DiskImages.Qcow2;

/// <summary>Second half of an extended L2 entry (qcow2.txt, "Extended L2 Entries"), 8 bytes big-endian: the state of each of 32 subclusters.</summary>
/// <param name="Value">Bit x: subcluster x is allocated; bit 32 + x: it reads as zeros. Not both.</param>
internal readonly record struct SubclusterBitmap(ulong Value)
{
    /// <summary>Subclusters of a cluster.</summary>
    internal const int Count = 32;

    private uint Allocated => (uint)Value;

    private uint Zeros => (uint)(Value >> Count);

    /// <summary>Whether a subcluster is said to be both.</summary>
    internal bool IsContradictory => (Allocated & Zeros) != 0;

    /// <summary>What a subcluster is, and how many from it on, at least one, are the same.</summary>
    internal (ClusterKind Kind, int Run) At(int subcluster)
    {
        var allocated = Allocated >> subcluster;
        var zeros = Zeros >> subcluster;
        var (kind, same) = ((allocated & 1) != 0, (zeros & 1) != 0) switch
        {
            (true, _) => (ClusterKind.Data, allocated),
            (_, true) => (ClusterKind.Zero, zeros),
            _ => (ClusterKind.Unallocated, ~(allocated | zeros)),
        };
        return (kind, Math.Min(BitOperations.TrailingZeroCount(~same), Count - subcluster));
    }
}
