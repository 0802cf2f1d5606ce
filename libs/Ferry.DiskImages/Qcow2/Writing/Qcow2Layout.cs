using System.Numerics;
using Ferry.DiskImages.Writing;

namespace Ferry.DiskImages.Qcow2.Writing;

/// <summary>
/// Where everything stands in a QCOW2 that Ferry writes: header, refcount table and L1 table, each as large as it can ever become, then clusters, L2 tables and
/// refcount blocks. Nothing in it depends on the time or on chance.
/// </summary>
/// <param name="Geometry">Disk and cluster size.</param>
/// <param name="IsCompressed">Whether clusters are compressed.</param>
/// <param name="RefcountTableClusters">Clusters of the refcount table.</param>
internal sealed record Qcow2Layout(Qcow2Geometry Geometry, bool IsCompressed, long RefcountTableClusters)
{
    /// <summary>Bytes at the start of the file that hold the header and its extensions: one sector, and the smallest cluster.</summary>
    internal const int HeaderSector = 512;

    /// <summary>Where the <see cref="ImageRecord"/> of what the image holds stands, and that of a delta behind it.</summary>
    internal const int RecordOffset = Qcow2Header.Size + HeaderExtension.Size;

    private const int RecordsSize = 2 * ImageRecord.Size;
    private const int DefaultClusterBits = 16;
    private const int RefcountOrder = 4;
    private const byte UntouchedBit = 63;

    /// <summary>At the start of the file while it is created.</summary>
    internal static ReadOnlySpan<byte> IncompleteSignature => "FERRYINC"u8;

    /// <summary>At the start of the file while a delta is written to it.</summary>
    internal static ReadOnlySpan<byte> DeltaSignature => "FERRYDLT"u8;

    /// <summary>Refcounts of a refcount block.</summary>
    internal long RefcountsPerBlock => Geometry.ClusterSize / sizeof(ushort);

    /// <summary>Where the refcount table stands.</summary>
    internal long RefcountTableOffset => Geometry.ClusterSize;

    /// <summary>Where the L1 table stands.</summary>
    internal long L1Offset => (1 + RefcountTableClusters) * Geometry.ClusterSize;

    /// <summary>The first cluster behind the tables whose place is fixed.</summary>
    internal long FirstCluster => 1 + RefcountTableClusters + DivideUp(Geometry.L2Count * L1Entry.Size, Geometry.ClusterSize);

    /// <summary>Checks the sizes of a plan and lays the file out. The default cluster has 64 KiB.</summary>
    /// <exception cref="ArgumentException">The format does not allow the sizes.</exception>
    internal static Qcow2Layout Create(DiskImagePlan plan)
    {
        var bits = plan.BlockSize == 0 ? DefaultClusterBits : BitOperations.IsPow2(plan.BlockSize) ? BitOperations.Log2((uint)plan.BlockSize) : -1;
        if (bits is < Qcow2Geometry.MinimumClusterBits or > Qcow2Geometry.MaximumClusterBits)
        {
            throw new ArgumentException($"A QCOW2 cluster is a power of 2 from 512 bytes to 2 MiB, not {plan.BlockSize} bytes.", nameof(plan));
        }

        if (plan.LogicalSectorSize is not 512 and not 4096)
        {
            throw new ArgumentException($"A logical sector is 512 or 4096 bytes, not {plan.LogicalSectorSize}.", nameof(plan));
        }

        if (plan.Capacity <= 0 || plan.Capacity % plan.LogicalSectorSize != 0)
        {
            throw new ArgumentException($"A disk has one or more whole sectors, not {plan.Capacity} bytes.", nameof(plan));
        }

        return TryCreate(new Qcow2Geometry(plan.Capacity, bits), plan.Variant == DiskImageVariant.Compressed)
            ?? throw new ArgumentException($"A disk of {plan.Capacity} bytes is too large for clusters of {1 << bits} bytes; choose a larger block size.", nameof(plan));
    }

    /// <summary>Lays the file out; null where QEMU could not open it.</summary>
    internal static Qcow2Layout? TryCreate(Qcow2Geometry geometry, bool isCompressed)
    {
        if (geometry.L2Count > Qcow2Geometry.MaximumL1Size / L1Entry.Size || (isCompressed && geometry.Capacity > CompressedCluster.MaximumOffset(geometry.ClusterBits) / 2))
        {
            return null;
        }

        // Behind compressed clusters each L2 table and refcount block may waste most of a cluster.
        var tables = DivideUp(geometry.L2Count * L1Entry.Size, geometry.ClusterSize);
        var clusters = 2 + tables + geometry.ClusterCount + (2 * geometry.L2Count);
        long blocks = 0, table = 1;
        for (long all = 0; all != clusters + table + (2 * blocks);)
        {
            all = clusters + table + (2 * blocks);
            blocks = DivideUp(all, geometry.ClusterSize / sizeof(ushort));
            table = DivideUp(blocks * sizeof(ulong), geometry.ClusterSize);
        }

        return table * geometry.ClusterSize <= Qcow2Geometry.MaximumRefcountTableSize ? new Qcow2Layout(geometry, isCompressed, table) : null;
    }

    /// <summary>The header.</summary>
    internal Qcow2Header Header() => new(
        3,
        0,
        0,
        (uint)Geometry.ClusterBits,
        (ulong)Geometry.Capacity,
        0,
        (uint)Geometry.L2Count,
        (ulong)L1Offset,
        (ulong)RefcountTableOffset,
        (uint)RefcountTableClusters,
        0,
        0,
        IncompatibleFeatures.None,
        CompatibleFeatures.None,
        AutoclearFeatures.Untouched,
        RefcountOrder,
        Qcow2Header.Size,
        0);

    /// <summary>The whole first sector but for the records, with the signature of an image that is being created.</summary>
    internal byte[] FirstSector()
    {
        var sector = new byte[HeaderSector];
        IncompleteSignature.CopyTo(sector);
        Header().Write(sector);
        new HeaderExtension(IsCompressed ? HeaderExtension.FerryCompressed : HeaderExtension.FerryRecord, RecordsSize).Write(sector.AsSpan(Qcow2Header.Size));
        var names = sector.AsSpan(RecordOffset + RecordsSize);
        new HeaderExtension(HeaderExtension.FeatureNames, FeatureName.Size).Write(names);
        new FeatureName(FeatureName.Autoclear, UntouchedBit, "untouched since Ferry completed it").Write(names[HeaderExtension.Size..]);
        return sector;
    }

    private static long DivideUp(long value, long by) => (value + by - 1) / by;
}
