namespace Ferry.DiskImages.Qcow2;

/// <summary>Entry of an L1 table (qcow2.txt, "Cluster mapping"), 8 bytes big-endian: where an L2 table stands.</summary>
/// <param name="Value">Bits 9 to 55: offset in the file, 0: there is no table. Bit 63: the table belongs to nothing else. All others are 0.</param>
internal readonly record struct L1Entry(ulong Value)
{
    /// <summary>Size on disk.</summary>
    internal const int Size = 8;

    /// <summary>Bits 9 to 55 of all entries.</summary>
    internal const ulong OffsetMask = 0x00ff_ffff_ffff_fe00;

    /// <summary>Bit 63 of all entries: what it leads to has a refcount of exactly one.</summary>
    internal const ulong Copied = 1UL << 63;

    /// <summary>Offset of the L2 table, or 0.</summary>
    internal long Offset => (long)(Value & OffsetMask);

    /// <summary>Whether a reserved bit is set.</summary>
    internal bool HasReservedBits => (Value & ~(OffsetMask | Copied)) != 0;

    /// <summary>The entry of a table that belongs to this image alone.</summary>
    internal static L1Entry Of(long offset) => new((ulong)offset | Copied);
}
