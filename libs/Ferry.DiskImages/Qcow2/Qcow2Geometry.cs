namespace Ferry.DiskImages.Qcow2;

/// <summary>Arithmetic of clusters and tables (qcow2.txt, "Cluster mapping" and "Extended L2 Entries").</summary>
/// <param name="Capacity">Size of the disk in bytes.</param>
/// <param name="ClusterBits">log2 of the cluster size.</param>
/// <param name="IsExtended">Whether L2 entries have a bitmap.</param>
internal readonly record struct Qcow2Geometry(long Capacity, int ClusterBits, bool IsExtended = false)
{
    /// <summary>512 bytes.</summary>
    internal const int MinimumClusterBits = 9;

    /// <summary>2 MiB, as in QEMU.</summary>
    internal const int MaximumClusterBits = 21;

    /// <summary>Least with extended L2 entries: 16 KiB.</summary>
    internal const int MinimumExtendedClusterBits = 14;

    /// <summary>Largest L1 table in bytes, as in QEMU.</summary>
    internal const long MaximumL1Size = 32 << 20;

    /// <summary>Largest refcount table in bytes, as in QEMU.</summary>
    internal const long MaximumRefcountTableSize = 8 << 20;

    /// <summary>Bytes per cluster.</summary>
    internal int ClusterSize => 1 << ClusterBits;

    /// <summary>Clusters that cover the disk.</summary>
    internal long ClusterCount => (Capacity >> ClusterBits) + ((Capacity & (ClusterSize - 1)) == 0 ? 0 : 1);

    /// <summary>log2 of the entries of an L2 table.</summary>
    internal int L2Bits => ClusterBits - (IsExtended ? 4 : 3);

    /// <summary>Entries of an L2 table.</summary>
    internal int L2Entries => 1 << L2Bits;

    /// <summary>Size of an L2 entry.</summary>
    internal int L2EntrySize => IsExtended ? L2Entry.ExtendedSize : L2Entry.Size;

    /// <summary>L2 tables that cover the disk.</summary>
    internal long L2Count => (ClusterCount >> L2Bits) + ((ClusterCount & (L2Entries - 1)) == 0 ? 0 : 1);

    /// <summary>log2 of the bytes of a subcluster.</summary>
    internal int SubclusterBits => ClusterBits - 5;
}
