using Ferry.DiskImages.Sources;

namespace Ferry.Capture.Sources.Vmware;

/// <summary>A .vmx with its disks beside it.</summary>
internal static class VmxSource
{
    /// <summary>Reads the descriptor.</summary>
    public static async Task<OpenedSource> OpenAsync(SourcePlace place, IImageFiles files, CancellationToken cancellationToken)
    {
        var bytes = await SourceFiles.ReadAsync(files, place.Name, VmxDocument.MaximumBytes, cancellationToken);
        var described = VmxMachine.Describe(VmxDocument.Parse(bytes, place.Name), place.Name);
        var findings = new SourceFindings();
        await AddSnapshotsAsync(place, files, findings, cancellationToken);
        return new OpenedSource
        {
            Kind = SourceKind.Vmx,
            Machine = described.Machine,
            Findings = [.. described.Findings, .. findings.All],
            Files = files,
            Location = place.Location,
            Remote = place.Remote,
        };
    }

    /// <summary>VMware keeps the list of snapshots in a file of the same form beside the .vmx.</summary>
    private static async Task AddSnapshotsAsync(SourcePlace place, IImageFiles files, SourceFindings findings, CancellationToken cancellationToken)
    {
        var name = SourceText.BaseName(place.Name) + ".vmsd";
        var bytes = await SourceFiles.TryReadAsync(files, name, VmxDocument.MaximumBytes, cancellationToken);
        if (bytes is null or [])
        {
            return;
        }

        try
        {
            var count = VmxDocument.Parse(bytes, name).Number("snapshot.numsnapshots", 0, 0, int.MaxValue, name);
            if (count > 0)
            {
                findings.Warn("MACHINE_HAS_SNAPSHOTS", $"The machine has {count} snapshots; only its present state is moved.", "Delete or consolidate them in VMware if the disks cannot be read.");
            }
        }
        catch (SourceException e)
        {
            // The machine can be moved without the list; the operator learns that it was not read.
            findings.Inform("SNAPSHOT_LIST_UNREADABLE", $"The list of snapshots {SourceText.Quote(name)} cannot be read: {e.Failure.Message}");
        }
    }
}
