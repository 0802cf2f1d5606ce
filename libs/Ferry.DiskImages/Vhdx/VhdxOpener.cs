using Ferry.DiskImages.Metadata;
using Ferry.DiskImages.Sources;

namespace Ferry.DiskImages.Vhdx;

/// <summary>Finds the header, the regions and the metadata of a VHDX file and opens its reader.</summary>
internal static class VhdxOpener
{
    private const ushort SupportedVersion = 1;

    /// <summary>Opens the disk; the reader owns the source from then on, the caller still does when this throws.</summary>
    internal static async ValueTask<IDiskImageReader> OpenAsync(IByteSource source, CancellationToken cancellationToken)
    {
        SourceBounds.Require(source, 0, RegionTable.SecondOffset + RegionTable.Size, "VHDX header area");
        var header = await ReadHeaderAsync(source, cancellationToken).ConfigureAwait(false);
        if (header.Version != SupportedVersion)
        {
            throw new UnsupportedDiskImageException(DiskImageErrors.UnsupportedVariant, $"VHDX version {header.Version} cannot be read.", source.Name);
        }

        var current = header.LogId == Guid.Empty ? source : await Log.LogReplay.OpenAsync(source, header, cancellationToken).ConfigureAwait(false);
        var regions = await ReadRegionsAsync(current, cancellationToken).ConfigureAwait(false);
        var metadata = await VhdxMetadata.ReadAsync(current, Find(regions, RegionTableEntry.Metadata, "metadata", current), cancellationToken).ConfigureAwait(false);
        var bat = Find(regions, RegionTableEntry.Bat, "block allocation table", current);
        var geometry = new VhdxGeometry(metadata.Capacity, metadata.Parameters.BlockSize, metadata.LogicalSectorSize);
        return geometry.EntryCount * BatEntry.Size > bat.Length
            ? throw new InvalidDiskImageException(DiskImageErrors.Corrupt, "The block allocation table is too small for the disk.", source.Name, (long)bat.FileOffset)
            : new VhdxReader(current, metadata, geometry, (long)bat.FileOffset);
    }

    private static async ValueTask<VhdxHeader> ReadHeaderAsync(IByteSource source, CancellationToken cancellationToken)
    {
        VhdxHeader? best = null;
        var bytes = new byte[VhdxHeader.Size];
        for (var offset = VhdxHeader.FirstOffset; offset <= VhdxHeader.SecondOffset; offset += VhdxHeader.SecondOffset - VhdxHeader.FirstOffset)
        {
            await source.ReadAsync(offset, bytes, cancellationToken).ConfigureAwait(false);
            if (VhdxHeader.IsValid(bytes) && VhdxHeader.Read(bytes) is var header && (best is null || header.SequenceNumber > best.Value.SequenceNumber))
            {
                best = header;
            }
        }

        return best ?? throw new InvalidDiskImageException(DiskImageErrors.Corrupt, "Neither of the two headers is valid.", source.Name, VhdxHeader.FirstOffset);
    }

    private static async ValueTask<RegionTable> ReadRegionsAsync(IByteSource source, CancellationToken cancellationToken)
    {
        var bytes = new byte[RegionTable.Size];
        for (var offset = RegionTable.FirstOffset; offset <= RegionTable.SecondOffset; offset += RegionTable.Size)
        {
            await source.ReadAsync(offset, bytes, cancellationToken).ConfigureAwait(false);
            if (RegionTable.IsValid(bytes))
            {
                return RegionTable.Read(bytes);
            }
        }

        throw new InvalidDiskImageException(DiskImageErrors.Corrupt, "Neither of the two region tables is valid.", source.Name, RegionTable.FirstOffset);
    }

    private static RegionTableEntry Find(RegionTable table, Guid id, string what, IByteSource source)
    {
        RegionTableEntry? found = null;
        foreach (var entry in table.Entries)
        {
            if (entry.Id == id)
            {
                found ??= entry;
            }
            else if (entry.IsRequired && entry.Id != RegionTableEntry.Bat && entry.Id != RegionTableEntry.Metadata)
            {
                throw new UnsupportedDiskImageException(DiskImageErrors.UnsupportedVariant, $"The file needs the unknown region {entry.Id}.", source.Name);
            }
        }

        var region = found ?? throw new InvalidDiskImageException(DiskImageErrors.Corrupt, $"The region table has no {what}.", source.Name);
        if (region.FileOffset < (ulong)VhdxGeometry.Alignment || region.FileOffset > long.MaxValue)
        {
            throw new InvalidDiskImageException(DiskImageErrors.Corrupt, $"The {what} stands at an impossible place.", source.Name);
        }

        SourceBounds.Require(source, (long)region.FileOffset, region.Length, what);
        return region;
    }
}
