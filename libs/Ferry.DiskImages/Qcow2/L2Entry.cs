namespace Ferry.DiskImages.Qcow2;

/// <summary>Entry of an L2 table (qcow2.txt, "Cluster mapping"), 8 bytes big-endian; with extended entries a <see cref="SubclusterBitmap"/> follows.</summary>
/// <param name="Value">Bit 62: compressed, the rest is a <see cref="CompressedCluster"/>. Else bits 9 to 55: offset in the file; bit 0: reads as zeros; bit 63: belongs to nothing else.</param>
internal readonly record struct L2Entry(ulong Value)
{
    /// <summary>Size on disk.</summary>
    internal const int Size = 8;

    /// <summary>Size of an extended entry.</summary>
    internal const int ExtendedSize = 16;

    private const ulong CompressedFlag = 1UL << 62;
    private const ulong ZeroFlag = 1;

    /// <summary>Whether the cluster is compressed.</summary>
    internal bool IsCompressed => (Value & CompressedFlag) != 0;

    /// <summary>Whether the cluster reads as zeros, whatever stands at its offset.</summary>
    internal bool IsZero => (Value & ZeroFlag) != 0;

    /// <summary>Whether the cluster has a refcount of exactly one.</summary>
    internal bool IsCopied => (Value & L1Entry.Copied) != 0;

    /// <summary>Offset of the cluster in the file, or 0.</summary>
    internal long Offset => (long)(Value & L1Entry.OffsetMask);

    /// <summary>Whether a reserved bit of a standard descriptor is set.</summary>
    internal bool HasReservedBits => (Value & ~(L1Entry.OffsetMask | L1Entry.Copied | CompressedFlag | ZeroFlag)) != 0;

    /// <summary>The entry of a cluster that belongs to this image alone.</summary>
    internal static L2Entry Of(long offset) => new((ulong)offset | L1Entry.Copied);

    /// <summary>The entry of a compressed cluster.</summary>
    internal static L2Entry Of(CompressedCluster cluster) => new(cluster.Value | CompressedFlag);
}
