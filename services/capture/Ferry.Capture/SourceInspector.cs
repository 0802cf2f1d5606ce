using Ferry.Capture.Sources;
using Ferry.Contracts;
using Ferry.Contracts.Machines;
using Ferry.DiskImages;

namespace Ferry.Capture;

/// <summary>Looks at a source: the machine, and of each disk its format, size and allocation. Reads metadata only, writes nothing, needs no bus.</summary>
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
        var found = new List<InspectedDisk>();
        var described = new List<MachineDisk>();
        var findings = new List<Finding>(opened.Findings);
        foreach (var disk in opened.Machine.Disks)
        {
            try
            {
                await using var image = await opened.OpenDiskAsync(disk, cancellationToken);
                var inspected = await InspectAsync(disk, image, cancellationToken);
                found.Add(inspected);
                if (SnapshotChain.Find(disk, image.Info) is { } snapshots)
                {
                    findings.Add(snapshots);
                }

                described.Add(disk with { Capacity = inspected.CapacityBytes, Format = inspected.Format });
            }
            catch (DiskImageException e)
            {
                throw SourceFailures.From(e, disk.Image);
            }
        }

        return new SourceInspection(KindName(opened.Kind), opened.Machine with { Disks = described }, found, findings);
    }

    private static async Task<InspectedDisk> InspectAsync(MachineDisk disk, IDiskImageReader image, CancellationToken cancellationToken)
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
            LogicalSectorSize = image.Info.LogicalSectorSize,
            Files = image.Info.Files,
        };
    }

    private static string KindName(SourceKind kind) => kind switch
    {
        SourceKind.Vmx => "vmx",
        SourceKind.Ovf => "ovf",
        SourceKind.Ova => "ova",
        _ => "image",
    };
}
