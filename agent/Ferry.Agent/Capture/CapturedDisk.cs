using System.Globalization;
using Ferry.Agent.Inventory;
using Ferry.Agent.Inventory.Disks;
using Ferry.DiskImages;
using Ferry.DiskImages.FileSystems;

namespace Ferry.Agent.Capture;

/// <summary>A disk that is being captured.</summary>
/// <param name="Disk">What is known of it.</param>
/// <param name="Path">Its device, or the raw image of a disk.</param>
/// <param name="Reader">It, open.</param>
internal sealed record CapturedDisk(DiskInventory Disk, string Path, IDiskImageReader Reader)
{
    /// <summary>Which of its bytes are in use; null until the disks of the machine were looked at together.</summary>
    public UsedBlockMap? Map { get; init; }

    /// <summary>What is another after the disk was written: the kernel's count of sectors written, or what pins an image file.</summary>
    public string State(SystemRoot root) => Reader.Pins is [{ } pin] && !Path.StartsWith("/dev/", StringComparison.Ordinal)
        ? string.Create(CultureInfo.InvariantCulture, $"{pin.Inode} {pin.ModifiedTicks}")
        : string.Create(CultureInfo.InvariantCulture, $"{Disk.Serial} {DiskReader.SectorsWritten(root, Disk.Name)}");
}
