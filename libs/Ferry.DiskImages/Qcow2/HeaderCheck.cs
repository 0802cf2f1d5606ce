using System.Numerics;
using Ferry.DiskImages.Metadata;
using Ferry.DiskImages.Sources;

namespace Ferry.DiskImages.Qcow2;

/// <summary>Refuses headers that are wrong and features that cannot be read.</summary>
internal static class HeaderCheck
{
    private const uint MaximumRefcountOrder = 6;

    /// <summary>Checks the cluster size, on which all else depends.</summary>
    internal static void RequireClusterBits(Qcow2Header header, IByteSource source)
    {
        var least = header.Incompatible.HasFlag(IncompatibleFeatures.ExtendedL2) ? Qcow2Geometry.MinimumExtendedClusterBits : Qcow2Geometry.MinimumClusterBits;
        if (header.ClusterBits < least || header.ClusterBits > Qcow2Geometry.MaximumClusterBits)
        {
            throw Corrupt($"A cluster of 2^{header.ClusterBits} bytes is not possible: it has from 2^{least} bytes to 2 MiB.", source, 20);
        }
    }

    /// <summary>Checks features.</summary>
    internal static void Require(Qcow2Header header, HeaderExtensions extensions, bool allowSnapshots, IByteSource source)
    {
        RefuseUnknown(header, extensions, source);
        if (header.Incompatible.HasFlag(IncompatibleFeatures.Corrupt))
        {
            throw Corrupt("QEMU has marked the image as corrupt; repair a copy with qemu-img check -r all, and look at what it lost.", source, 72);
        }

        if (header.Encryption != 0)
        {
            var method = header.Encryption switch { 1 => "AES", 2 => "LUKS", _ => $"method {header.Encryption}" };
            throw Unsupported($"The image is encrypted ({method}); decrypt it with qemu-img convert first.", source, 32);
        }

        if (header.Snapshots > 0 && !allowSnapshots)
        {
            throw Unsupported(
                $"The image holds internal snapshots ({header.Snapshots}), which a conversion would lose; delete them (qemu-img snapshot -d), or ask for the active state alone (--active-state).", source, 60);
        }

        if (header.RefcountOrder > MaximumRefcountOrder)
        {
            throw Corrupt($"Refcounts of 2^{header.RefcountOrder} bits are impossible.", source, 96);
        }

        if (header.CompressionType > (byte)Qcow2Compression.Zstd)
        {
            throw Unsupported($"The compression type {header.CompressionType} is unknown.", source, 104);
        }

        if (header.Incompatible.HasFlag(IncompatibleFeatures.CompressionType) != (header.CompressionType != 0))
        {
            throw Corrupt("The compression type and the feature bit for it contradict each other.", source, 104);
        }

        if (header.Autoclear.HasFlag(AutoclearFeatures.RawDataFile) && header.Incompatible.HasFlag(IncompatibleFeatures.DataFile) && header.BackingFileOffset != 0)
        {
            throw Corrupt("The image has both a raw data file and a backing file, which contradict each other.", source, 88);
        }
    }

    /// <summary>Checks that the L1 table covers the disk and lies within the file.</summary>
    internal static void RequireL1(Qcow2Header header, Qcow2Geometry geometry, IByteSource source)
    {
        if (header.DiskSize > long.MaxValue || geometry.L2Count > header.L1Entries)
        {
            throw Corrupt($"The L1 table with {header.L1Entries} entries is too small for a disk of {header.DiskSize} bytes.", source, 36);
        }

        var size = geometry.L2Count * L1Entry.Size;
        if (size > Qcow2Geometry.MaximumL1Size)
        {
            throw Unsupported($"The L1 table has {size} bytes, more than QEMU allows.", source, 36);
        }

        if (size > 0 && (header.L1Offset < (ulong)geometry.ClusterSize || header.L1Offset > long.MaxValue || header.L1Offset % (ulong)geometry.ClusterSize != 0))
        {
            throw Corrupt($"The L1 table stands at {header.L1Offset}, where none can.", source, 40);
        }

        SourceBounds.Require(source, (long)header.L1Offset, size, "L1 table");
    }

    /// <summary>Names the unknown features: by the table that the image may hold for that, and by number.</summary>
    private static void RefuseUnknown(Qcow2Header header, HeaderExtensions extensions, IByteSource source)
    {
        var unknown = (ulong)(header.Incompatible & ~IncompatibleFeatures.Known);
        if (unknown == 0)
        {
            return;
        }

        var names = new List<string>();
        for (; unknown != 0; unknown &= unknown - 1)
        {
            var bit = BitOperations.TrailingZeroCount(unknown);
            var name = extensions.FeatureNames.FirstOrDefault(n => n.Kind == FeatureName.Incompatible && n.Bit == bit).Name;
            names.Add(string.IsNullOrEmpty(name) ? $"bit {bit}" : $"bit {bit} (\"{name}\")");
        }

        throw Unsupported($"The image needs incompatible features that are unknown: {string.Join(", ", names)}.", source, 72);
    }

    private static InvalidDiskImageException Corrupt(string message, IByteSource source, long offset) => new(DiskImageErrors.Corrupt, message, source.Name, offset);

    private static UnsupportedDiskImageException Unsupported(string message, IByteSource source, long offset) =>
        new(DiskImageErrors.UnsupportedVariant, message, source.Name, offset);
}
