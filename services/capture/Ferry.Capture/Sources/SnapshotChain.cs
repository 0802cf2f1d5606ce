using System.Globalization;
using Ferry.Contracts;
using Ferry.Contracts.Machines;
using Ferry.DiskImages;

namespace Ferry.Capture.Sources;

/// <summary>A disk that stands on snapshots is read through its whole chain; the operator learns it, as all files of the chain have to stay as they are.</summary>
internal static class SnapshotChain
{
    /// <summary>The finding for a disk, or null when its image has no parent.</summary>
    public static Finding? Find(MachineDisk disk, DiskImageInfo image)
    {
        var depth = 0;
        for (var parent = image.Parent; parent is not null; parent = parent.Parent)
        {
            depth++;
        }

        return depth == 0 ? null : new Finding
        {
            Id = "DISK_HAS_SNAPSHOT",
            Severity = FindingSeverity.Information,
            Message = string.Create(
                CultureInfo.InvariantCulture,
                $"The disk {SourceText.Quote(disk.Image)} stands on {depth} {(depth == 1 ? "snapshot" : "snapshots")}; its present state, read through {image.Files.Count} files, is moved as one disk."),
            Remedy = "Leave all files of the chain as they are until the conversion is done; no consolidation is needed.",
        };
    }
}
