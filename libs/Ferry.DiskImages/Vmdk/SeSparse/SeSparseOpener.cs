using Ferry.DiskImages.Metadata;
using Ferry.DiskImages.Sources;

namespace Ferry.DiskImages.Vmdk.SeSparse;

/// <summary>
/// Checks the headers of an seSparse extent and finds its tables. The format is not published, so that everything that differs from the files that are known
/// is refused and not guessed at.
/// </summary>
internal static class SeSparseOpener
{
    private const ulong KnownGrainSize = 8;
    private const ulong KnownTableSize = 64;

    /// <summary>Opens the tables.</summary>
    /// <returns>The tables and the size of the extent in bytes.</returns>
    internal static async ValueTask<(IGrainMap Map, long Capacity)> OpenAsync(IByteSource source, PageCache cache, CancellationToken cancellationToken)
    {
        SourceBounds.Require(source, 0, SeSparseHeader.Size, "seSparse header");
        var sector = new byte[SeSparseHeader.Size];
        await source.ReadAsync(0, sector, cancellationToken).ConfigureAwait(false);
        var header = SeSparseHeader.Read(sector);
        if (header.Version != SeSparseHeader.Version21 || header.GrainSize != KnownGrainSize || header.TableSize != KnownTableSize || header.Flags != 0
            || SeSparseHeader.HasUnknownFields(sector))
        {
            throw new UnsupportedDiskImageException(
                DiskImageErrors.UnsupportedVariant,
                $"This seSparse extent (version {header.Version:x}, grain {header.GrainSize}, table {header.TableSize}, flags {header.Flags:x}) is of an unknown kind; clone the disk to another format in VMware.",
                source.Name,
                8);
        }

        if (header.Capacity == 0)
        {
            throw new InvalidDiskImageException(DiskImageErrors.Corrupt, "The extent has no size.", source.Name, 16);
        }

        await RequireClosedAsync(source, header, sector, cancellationToken).ConfigureAwait(false);
        return (new SeSparseGrainMap(source, header, cache), SourceBounds.SectorsToBytes(header.Capacity, "capacity", source));
    }

    private static async ValueTask RequireClosedAsync(IByteSource source, SeSparseHeader header, byte[] sector, CancellationToken cancellationToken)
    {
        var position = SourceBounds.SectorsToBytes(header.VolatileHeaderOffset, "volatile header offset", source);
        SourceBounds.Require(source, position, SeSparseVolatileHeader.Size, "volatile header");
        await source.ReadAsync(position, sector, cancellationToken).ConfigureAwait(false);
        if (!SeSparseVolatileHeader.IsMatch(sector))
        {
            throw new InvalidDiskImageException(DiskImageErrors.Corrupt, "There is no volatile header here.", source.Name, position);
        }

        if (SeSparseVolatileHeader.Read(sector).ReplayJournal != 0)
        {
            throw new UnsupportedDiskImageException(
                DiskImageErrors.UnsupportedVariant,
                "The seSparse extent was not closed and its journal would have to be replayed; start and shut down the machine in VMware, then copy the disk again.",
                source.Name,
                position);
        }
    }
}
