using Ferry.DiskImages.Checking;
using Ferry.DiskImages.Metadata;
using Ferry.DiskImages.Opening;
using Ferry.DiskImages.Sources;
using Ferry.DiskImages.Writing;

namespace Ferry.DiskImages.Vhdx;

/// <summary>Finds the header, the regions, the metadata and the parent of a VHDX file and opens its reader.</summary>
internal static class VhdxOpener
{
    private const ushort SupportedVersion = 1;

    /// <summary>Opens the disk; the reader owns the source from then on, the caller still does when this throws.</summary>
    internal static async ValueTask<IDiskImageReader> OpenAsync(ImageChain chain, IByteSource source, CancellationToken cancellationToken)
    {
        SourceBounds.Require(source, 0, RegionTable.SecondOffset + RegionTable.Size, "VHDX header area");
        var header = await ReadHeaderAsync(source, cancellationToken).ConfigureAwait(false);
        var isClean = header.LogId == Guid.Empty;
        var current = isClean ? source : await Log.LogReplay.OpenAsync(source, header, cancellationToken).ConfigureAwait(false);
        var regions = await ReadRegionsAsync(current, cancellationToken).ConfigureAwait(false);
        var metadataRegion = Find(regions, RegionTableEntry.Metadata, "metadata", current);
        var metadata = await VhdxMetadata.ReadAsync(current, metadataRegion, cancellationToken).ConfigureAwait(false);
        var bat = Find(regions, RegionTableEntry.Bat, "block allocation table", current);
        var geometry = new VhdxGeometry(metadata.Capacity, metadata.Parameters.BlockSize, metadata.LogicalSectorSize);
        if (geometry.EntryCount * BatEntry.Size > bat.Length)
        {
            throw new InvalidDiskImageException(DiskImageErrors.Corrupt, "The block allocation table is too small for the disk.", source.Name, (long)bat.FileOffset);
        }

        var info = await DescribeAsync(current, header, metadata, cancellationToken).ConfigureAwait(false);
        var table = new BlockTable(current, geometry, bat, metadataRegion, metadata.Parameters.HasParent, chain.Cache);
        var parent = new ParentDisk(metadata.Parent is { } locator ? await VhdxParents.OpenAsync(chain, locator, metadata, cancellationToken).ConfigureAwait(false) : null);
        info = parent.Info is { } below ? info with { Parent = below, Files = [.. info.Files, .. below.Files] } : info;
        return new VhdxReader(current, parent, table, geometry, UsedBy(header, regions), info, header.DataWriteId);
    }

    /// <summary>What stands beside the blocks (MS-VHDX 2.1).</summary>
    private static UsedRange[] UsedBy(VhdxHeader header, RegionTable regions) =>
    [
        new UsedRange(0, 0, VhdxGeometry.Alignment, "header section"),
        new UsedRange(0, (long)Math.Min(header.LogOffset, long.MaxValue), header.LogLength, "log"),
        .. regions.Entries.Select((region, i) => new UsedRange(0, (long)Math.Min(region.FileOffset, long.MaxValue), region.Length, "region", i)),
    ];

    /// <summary>Reads the current header.</summary>
    internal static async ValueTask<VhdxHeader> ReadHeaderAsync(IByteSource source, CancellationToken cancellationToken)
    {
        VhdxHeader? best = null;
        var bytes = new byte[VhdxHeader.Size];
        foreach (var offset in (long[])[VhdxHeader.FirstOffset, VhdxHeader.SecondOffset])
        {
            await source.ReadAsync(offset, bytes, cancellationToken).ConfigureAwait(false);
            if (!VhdxHeader.IsValid(bytes))
            {
                continue;
            }

            var header = VhdxHeader.Read(bytes);
            if (best is { } other && other.SequenceNumber == header.SequenceNumber && other != header)
            {
                throw new InvalidDiskImageException(DiskImageErrors.Corrupt, "The two headers differ and neither is newer.", source.Name, offset);
            }

            best = best is null || header.SequenceNumber > best.Value.SequenceNumber ? header : best;
        }

        var current = best ?? throw new InvalidDiskImageException(DiskImageErrors.Corrupt, "Neither of the two headers is valid.", source.Name, VhdxHeader.FirstOffset);
        return current.Version == SupportedVersion
            ? current
            : throw new UnsupportedDiskImageException(DiskImageErrors.UnsupportedVariant, $"VHDX version {current.Version} cannot be read.", source.Name);
    }

    /// <summary>The layout of a file that Ferry wrote; null when its regions stand elsewhere than Ferry would put them.</summary>
    internal static async ValueTask<VhdxLayout?> ReadLayoutAsync(IByteSource source, CancellationToken cancellationToken)
    {
        SourceBounds.Require(source, 0, RegionTable.SecondOffset + RegionTable.Size, "VHDX header area");
        var regions = await ReadRegionsAsync(source, cancellationToken).ConfigureAwait(false);
        var region = Find(regions, RegionTableEntry.Metadata, "metadata", source);
        var metadata = await VhdxMetadata.ReadAsync(source, region, cancellationToken).ConfigureAwait(false);
        var geometry = new VhdxGeometry(metadata.Capacity, metadata.Parameters.BlockSize, metadata.LogicalSectorSize);
        var layout = new VhdxLayout(geometry, metadata.DiskId, metadata.Parameters.LeaveBlocksAllocated);
        return !metadata.Parameters.HasParent && layout.Regions().Entries.SequenceEqual(regions.Entries) ? layout : null;
    }

    private static async ValueTask<DiskImageInfo> DescribeAsync(IByteSource source, VhdxHeader header, VhdxMetadata metadata, CancellationToken cancellationToken)
    {
        var bytes = new byte[VhdxLayout.RecordOffset + ImageRecord.Size];
        await source.ReadAsync(0, bytes, cancellationToken).ConfigureAwait(false);
        var creator = FileIdentifier.Read(bytes).Creator;
        var record = ImageRecord.TryRead(bytes.AsSpan((int)VhdxLayout.RecordOffset));
        var geometry = new VhdxGeometry(metadata.Capacity, metadata.Parameters.BlockSize, metadata.LogicalSectorSize);
        var asWritten = new VhdxLayout(geometry, metadata.DiskId, metadata.Parameters.LeaveBlocksAllocated).Header(1, VhdxDelta.DigestOf(record, creator));
        var properties = new Dictionary<string, string> { ["creator"] = ImageFileName.Printable(creator) };
        if (header.LogId != Guid.Empty)
        {
            properties["log"] = "replayed";
        }

        if (metadata.Parent is { } parent)
        {
            properties["parent"] = parent.Path;
        }

        return new DiskImageInfo
        {
            Format = DiskImageFormat.Vhdx,
            Variant = metadata.Parameters.HasParent ? "differencing" : metadata.Parameters.LeaveBlocksAllocated ? "fixed" : "dynamic",
            Capacity = metadata.Capacity,
            LogicalSectorSize = metadata.LogicalSectorSize,
            PhysicalSectorSize = metadata.PhysicalSectorSize,
            BlockSize = geometry.BlockSize,
            DiskId = metadata.DiskId,

            // Who changes the content gives it another id.
            ContentId = record is { State: ImageRecordState.Applied } applied && header.DataWriteId == asWritten.DataWriteId ? applied.ContentId : null,
            Properties = properties,
            Files = [source.Name],
        };
    }

    private static async ValueTask<RegionTable> ReadRegionsAsync(IByteSource source, CancellationToken cancellationToken)
    {
        var bytes = new byte[RegionTable.Size];
        foreach (var offset in (long[])[RegionTable.FirstOffset, RegionTable.SecondOffset])
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
                found = found is null ? entry : throw new InvalidDiskImageException(DiskImageErrors.Corrupt, $"The region table names two regions of the {what}.", source.Name);
            }
            else if (entry.IsRequired && entry.Id != RegionTableEntry.Bat && entry.Id != RegionTableEntry.Metadata)
            {
                throw new UnsupportedDiskImageException(DiskImageErrors.UnsupportedVariant, $"The file needs the unknown region {entry.Id}.", source.Name);
            }
        }

        var region = found ?? throw new InvalidDiskImageException(DiskImageErrors.Corrupt, $"The region table has no {what}.", source.Name);
        if (region.FileOffset < (ulong)VhdxGeometry.Alignment || region.FileOffset > long.MaxValue || region.FileOffset % (ulong)VhdxGeometry.Alignment != 0)
        {
            throw new InvalidDiskImageException(DiskImageErrors.Corrupt, $"The {what} stands at an impossible place.", source.Name);
        }

        SourceBounds.Require(source, (long)region.FileOffset, region.Length, what);
        return region;
    }
}
