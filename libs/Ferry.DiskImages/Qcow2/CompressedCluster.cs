namespace Ferry.DiskImages.Qcow2;

/// <summary>
/// Compressed clusters descriptor (qcow2.txt, "Cluster mapping"): with x = 62 - (cluster bits - 8), bits 0 to x - 1 are the offset in the file, bits x to 61 the
/// sectors of 512 bytes that the data goes on in behind the one in which it begins. Where in the last of them it ends, only decompressing tells.
/// </summary>
/// <param name="Value">Bits 0 to 61.</param>
internal readonly record struct CompressedCluster(ulong Value)
{
    private const int Sector = 512;
    private const ulong Mask = (1UL << 62) - 1;

    /// <summary>The descriptor in an L2 entry.</summary>
    internal static CompressedCluster In(L2Entry entry) => new(entry.Value & Mask);

    /// <summary>The descriptor of data.</summary>
    internal static CompressedCluster Of(long offset, int length, int clusterBits)
    {
        var sectors = ((offset + length - 1) / Sector) - (offset / Sector);
        return new CompressedCluster((ulong)offset | ((ulong)sectors << OffsetBits(clusterBits)));
    }

    /// <summary>Largest offset that a descriptor can hold.</summary>
    internal static long MaximumOffset(int clusterBits) => (1L << Math.Min(OffsetBits(clusterBits), 56)) - 1;

    /// <summary>Where the data begins.</summary>
    internal long Offset(int clusterBits) => (long)(Value & ((1UL << OffsetBits(clusterBits)) - 1));

    /// <summary>Bytes from there to the end of the last sector.</summary>
    internal int Length(int clusterBits) => ((int)(Value >> OffsetBits(clusterBits)) + 1) * Sector - (int)(Offset(clusterBits) % Sector);

    private static int OffsetBits(int clusterBits) => 62 - (clusterBits - 8);
}
