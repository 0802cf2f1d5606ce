using Ferry.DiskImages.Metadata;
using Ferry.DiskImages.Opening;
using Ferry.DiskImages.Sources;

namespace Ferry.DiskImages.Vmdk;

/// <summary>Checks the header of a hosted sparse extent and opens the matching <see cref="IVmdkExtent"/>.</summary>
internal static class HostedExtentOpener
{
    private const ulong MaximumGrainSectors = 1 << 21;
    private const uint MaximumVersion = 3;
    private const uint MaximumTableEntries = 512;
    private const ushort NoCompression = 0;
    private const ushort Deflate = 1;

    /// <summary>Reads the header that counts: that of the file's start or, where it says so, the footer.</summary>
    internal static async ValueTask<SparseExtentHeader> ReadHeaderAsync(IByteSource source, CancellationToken cancellationToken)
    {
        var header = await ReadHeaderAtAsync(source, 0, cancellationToken).ConfigureAwait(false);
        if (header.DirectoryOffset != SparseExtentHeader.DirectoryAtEnd)
        {
            return header;
        }

        // Footer marker, footer, end-of-stream marker: the last three sectors.
        var position = source.Length - (3 * SourceBounds.Sector);
        var sector = new byte[SourceBounds.Sector];
        SourceBounds.Require(source, position, sector.Length, "footer");
        await source.ReadAsync(position, sector, cancellationToken).ConfigureAwait(false);
        var marker = MetadataMarker.Read(sector);
        if (marker.DataSize != 0 || marker.Type != MetadataMarker.Footer)
        {
            throw new InvalidDiskImageException(
                DiskImageErrors.Truncated, "The file must end with a footer and does not: it is not complete.", source.Name, position);
        }

        var footer = await ReadHeaderAtAsync(source, position + SourceBounds.Sector, cancellationToken).ConfigureAwait(false);
        return footer.DirectoryOffset == SparseExtentHeader.DirectoryAtEnd || footer.Capacity != header.Capacity
            ? throw new InvalidDiskImageException(DiskImageErrors.Corrupt, "The footer contradicts the header.", source.Name, position + SourceBounds.Sector)
            : footer;
    }

    /// <summary>Opens the extent.</summary>
    /// <param name="source">The file.</param>
    /// <param name="header">Its header.</param>
    /// <param name="length">Bytes of the extent that belong to the disk.</param>
    /// <param name="start">Where it begins in the disk.</param>
    /// <param name="parent">What lies below the disk.</param>
    /// <param name="cache">Table pages of the whole disk.</param>
    internal static IVmdkExtent Open(IByteSource source, SparseExtentHeader header, long length, long start, ParentDisk parent, PageCache cache)
    {
        var layout = LayoutOf(source, header);
        SparseExtentOpener.RequireLength(source, length, layout.Capacity);
        var map = new GrainDirectory(source, layout, cache);
        return header.Flags.HasFlag(SparseExtentFlags.Compressed)
            ? new CompressedExtent(source, map, length, header.Flags.HasFlag(SparseExtentFlags.Markers), parent, start)
            : new SparseExtent(source, map, length, parent, start);
    }

    private static GrainDirectoryLayout LayoutOf(IByteSource source, SparseExtentHeader header)
    {
        // Where the primary directory is nowhere at all, the redundant one may still be there.
        var redundant = header.Flags.HasFlag(SparseExtentFlags.RedundantDirectory) && header.RedundantDirectoryOffset is > 0 and <= long.MaxValue / SourceBounds.Sector
            ? (long)header.RedundantDirectoryOffset * SourceBounds.Sector
            : (long?)null;
        var primary = redundant is not null && header.DirectoryOffset > long.MaxValue / SourceBounds.Sector
            ? long.MaxValue
            : SourceBounds.SectorsToBytes(header.DirectoryOffset, "grain directory offset", source);
        return new GrainDirectoryLayout(
            SourceBounds.SectorsToBytes(header.Capacity, "capacity", source),
            (long)header.GrainSize * SourceBounds.Sector,
            header.GrainTableEntries,
            primary,
            redundant,
            HeadersOf(source, header),
            header.Flags.HasFlag(SparseExtentFlags.ZeroedGrains));
    }

    /// <summary>Header and descriptor at the start.</summary>
    private static List<DiskRange> HeadersOf(IByteSource source, SparseExtentHeader header)
    {
        var headers = new List<DiskRange> { new(0, SparseExtentHeader.Size) };
        if (header.DescriptorOffset > 0 && header.DescriptorSize > 0 && header.DescriptorOffset <= long.MaxValue / SourceBounds.Sector)
        {
            headers.Add(new DiskRange(
                (long)header.DescriptorOffset * SourceBounds.Sector, SourceBounds.SectorsToBytes(header.DescriptorSize, "descriptor", source)));
        }

        return headers;
    }

    private static async ValueTask<SparseExtentHeader> ReadHeaderAtAsync(IByteSource source, long position, CancellationToken cancellationToken)
    {
        var sector = new byte[SparseExtentHeader.Size];
        SourceBounds.Require(source, position, sector.Length, "VMDK header");
        await source.ReadAsync(position, sector, cancellationToken).ConfigureAwait(false);
        if (!SparseExtentHeader.IsMatch(sector))
        {
            throw new InvalidDiskImageException(DiskImageErrors.Corrupt, "There is no sparse extent header here.", source.Name, position);
        }

        var header = SparseExtentHeader.Read(sector);
        if (header.Flags.HasFlag(SparseExtentFlags.ValidLineEnds) && !SparseExtentHeader.HasIntactLineEnds(sector))
        {
            throw new InvalidDiskImageException(DiskImageErrors.Corrupt, "The line ends in the header were changed: the file was transferred as text.", source.Name, position);
        }

        Check(header, source, position);
        return header;
    }

    private static void Check(SparseExtentHeader header, IByteSource source, long position)
    {
        if (header.Version is 0 or > MaximumVersion)
        {
            throw new UnsupportedDiskImageException(DiskImageErrors.UnsupportedVariant, $"Sparse extents of version {header.Version} cannot be read.", source.Name, position);
        }

        var compressed = header.Flags.HasFlag(SparseExtentFlags.Compressed);
        if (compressed ? header.CompressAlgorithm != Deflate : header.CompressAlgorithm is not NoCompression and not Deflate)
        {
            throw new UnsupportedDiskImageException(DiskImageErrors.UnsupportedVariant, $"Compression {header.CompressAlgorithm} cannot be read.", source.Name, position);
        }

        if (!ulong.IsPow2(header.GrainSize) || header.GrainSize > (compressed ? CompressedExtent.MaximumGrainSectors : MaximumGrainSectors))
        {
            throw new InvalidDiskImageException(DiskImageErrors.Corrupt, $"A grain of {header.GrainSize} sectors is impossible.", source.Name, position);
        }

        if (header.GrainTableEntries is 0 or > MaximumTableEntries)
        {
            throw new InvalidDiskImageException(DiskImageErrors.Corrupt, $"A grain table of {header.GrainTableEntries} entries is impossible.", source.Name, position);
        }

        if (header.Capacity == 0)
        {
            throw new InvalidDiskImageException(DiskImageErrors.Corrupt, "The disk has no size.", source.Name, position);
        }
    }
}
