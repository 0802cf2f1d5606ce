using Ferry.Capture.Sources;
using Ferry.Contracts;
using Ferry.Contracts.Machines;
using Ferry.DiskImages;
using Ferry.DiskImages.FileSystems;
using Ferry.DiskImages.Partitions;

namespace Ferry.Capture;

/// <summary>Looks at a source: the machine, and of each disk its format, size, allocation and volumes. Reads metadata only, writes nothing, needs no bus.</summary>
public sealed class SourceInspector(SourceSelector sources)
{
    /// <summary>Looks at a source.</summary>
    /// <param name="source">Path or URL.</param>
    /// <param name="format">Format of a bare disk image, or null.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="SourceException">The source cannot be read.</exception>
    public async Task<SourceInspection> InspectAsync(string source, string? format, CancellationToken cancellationToken)
    {
        await using var opened = await sources.OpenAsync(source, format, cancellationToken);
        await using var images = await OpenedDisks.OpenAsync(opened, cancellationToken);
        var maps = await UsedBlocks.ReadAsync(opened.Machine.Disks, images.Readers, minimumLength: 1, cancellationToken);
        var found = new List<InspectedDisk>();
        var findings = new List<Finding>(opened.Findings);
        foreach (var (disk, i) in opened.Machine.Disks.Select((disk, i) => (disk, i)))
        {
            found.Add(await SourceFailures.WrapAsync(disk, () => InspectAsync(disk, images.Readers[i], maps[i], cancellationToken)));
            if (SnapshotChain.Find(disk, images.Readers[i].Info) is { } snapshots)
            {
                findings.Add(snapshots);
            }
        }

        findings.AddRange(UsedBlocks.Findings(opened.Machine.Disks, maps));
        var described = opened.Machine.Disks.Zip(found, (disk, inspected) => disk with { Capacity = inspected.CapacityBytes, Format = inspected.Format });
        return new SourceInspection(KindName(opened.Kind), opened.Machine with { Disks = [.. described] }, found, findings);
    }

    private static async Task<InspectedDisk> InspectAsync(MachineDisk disk, IDiskImageReader image, UsedBlockMap map, CancellationToken cancellationToken)
    {
        var allocated = 0L;
        await foreach (var extent in image.GetExtentsAsync(0, image.Capacity, cancellationToken))
        {
            allocated += extent.Kind == ExtentKind.Data ? extent.Length : 0;
        }

        return new InspectedDisk
        {
            Index = disk.Index,
            Image = disk.Image,
            Format = SourceFormats.Name(image.Info.Format),
            Variant = image.Info.Variant,
            CapacityBytes = image.Capacity,
            AllocatedBytes = allocated,
            UsedBytes = image.Capacity - map.UnusedBytes,
            Partitions = map.Partitions.Scheme switch { PartitionScheme.Mbr => "mbr", PartitionScheme.Gpt => "gpt", _ => "none" },
            Volumes = [.. map.Volumes.Select(Inspect)],
            LogicalSectorSize = image.Info.LogicalSectorSize,
            Files = image.Info.Files,
        };
    }

    private static InspectedVolume Inspect(DiskVolume volume) => new()
    {
        Name = volume.Name,
        OffsetBytes = volume.Offset,
        LengthBytes = volume.Length,
        Type = volume.Partition?.TypeName,
        Content = volume.Content,
        Label = volume.Label.Length > 0 ? volume.Label : volume.Partition?.Name ?? "",
        UsedBytes = volume.IsMapped ? volume.Length - volume.UnusedBytes : null,
    };

    private static string KindName(SourceKind kind) => kind switch
    {
        SourceKind.Vmx => "vmx",
        SourceKind.Ovf => "ovf",
        SourceKind.Ova => "ova",
        _ => "image",
    };
}
