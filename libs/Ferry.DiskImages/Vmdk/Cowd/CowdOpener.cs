using Ferry.DiskImages.Metadata;
using Ferry.DiskImages.Sources;

namespace Ferry.DiskImages.Vmdk.Cowd;

/// <summary>Checks the header of a COWD extent and finds its tables.</summary>
internal static class CowdOpener
{
    private const uint SupportedVersion = 1;
    private const uint MaximumGrainSectors = 1 << 21;

    /// <summary>Opens the tables.</summary>
    /// <returns>The tables and the size of the extent in bytes.</returns>
    internal static async ValueTask<(IGrainMap Map, long Capacity)> OpenAsync(IByteSource source, PageCache cache, CancellationToken cancellationToken)
    {
        SourceBounds.Require(source, 0, CowdHeader.Size, "COWD header");
        var bytes = new byte[CowdHeader.Size];
        await source.ReadAsync(0, bytes, cancellationToken).ConfigureAwait(false);
        var header = CowdHeader.Read(bytes);
        if (header.Version != SupportedVersion)
        {
            throw new UnsupportedDiskImageException(DiskImageErrors.UnsupportedVariant, $"COWD extents of version {header.Version} cannot be read.", source.Name, 4);
        }

        if (header.Capacity == 0 || !uint.IsPow2(header.GrainSize) || header.GrainSize > MaximumGrainSectors)
        {
            throw new InvalidDiskImageException(
                DiskImageErrors.Corrupt, $"An extent of {header.Capacity} sectors with grains of {header.GrainSize} is impossible.", source.Name, 12);
        }

        var layout = new GrainDirectoryLayout(
            (long)header.Capacity * SourceBounds.Sector,
            (long)header.GrainSize * SourceBounds.Sector,
            CowdHeader.TableEntries,
            (long)header.DirectoryOffset * SourceBounds.Sector,
            null,
            [new DiskRange(0, CowdHeader.Size)],
            ZeroedGrains: false);
        return layout.TableCount <= header.DirectoryEntries
            ? (new GrainDirectory(source, layout, cache), layout.Capacity)
            : throw new InvalidDiskImageException(
                DiskImageErrors.Corrupt, $"The grain directory has {header.DirectoryEntries} entries, the extent needs {layout.TableCount}.", source.Name, 24);
    }
}
