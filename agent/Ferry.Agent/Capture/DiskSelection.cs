using Ferry.Agent.Inventory;
using Ferry.Agent.Inventory.Disks;

namespace Ferry.Agent.Capture;

/// <summary>Which disks are captured.</summary>
internal static class DiskSelection
{
    /// <summary>The disks, with the paths to open: those that were named, in that order, else all local ones.</summary>
    /// <exception cref="AgentException">A disk is not there, or the running system writes to it.</exception>
    public static IReadOnlyList<(DiskInventory Disk, string Path)> Select(SystemRoot root, MachineInventory inventory, IReadOnlyList<string> named)
    {
        var selected = named.Count == 0 ? [.. inventory.Disks.Select(disk => (disk, disk.Path))] : named.Select(path => Named(root, path)).ToArray();
        if (selected.Length == 0)
        {
            throw AgentException.Of(AgentErrors.DiskUnknown, "This machine has no local disk that could be captured", "", "See ferry-agent inventory --removable, and name disks with --disk");
        }

        if (selected.GroupBy(disk => disk.Path, StringComparer.Ordinal).FirstOrDefault(same => same.Count() > 1) is { } twice)
        {
            throw AgentException.Of(AgentErrors.Usage, "A disk is named twice", twice.Key, "Name each disk once");
        }

        foreach (var (disk, path) in selected)
        {
            if (DiskUse.Find(root, disk, inventory.Mounts, inventory.Swaps) is { } use)
            {
                throw AgentException.Of(
                    AgentErrors.DiskInUse, $"The running system writes to the disk: {use}", path, "Start the machine from a rescue system, or unmount it; capturing a disk that is in use is not built yet");
            }
        }

        return selected;
    }

    private static (DiskInventory Disk, string Path) Named(SystemRoot root, string path)
    {
        var full = Path.GetFullPath(path);
        var real = Path.Exists(full) ? new FileInfo(full).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? full : full;
        if (real.StartsWith("/dev/", StringComparison.Ordinal))
        {
            return DiskReader.Read(root, real["/dev/".Length..].Replace('/', '!')) is { } disk
                ? (disk, real)
                : throw AgentException.Of(AgentErrors.DiskUnknown, "There is no such disk; a partition is none", path, "See ferry-agent inventory");
        }

        var file = new FileInfo(real);
        return file.Exists
            ? (new DiskInventory
            {
                Name = file.Name, Size = file.Length, Model = "", Serial = "", Bus = "virtual", Rotational = false, Removable = false, LogicalSectorSize = 512, SectorsWritten = 0, DeviceNumbers = [],
            }, real)
            : throw AgentException.Of(AgentErrors.DiskUnknown, "There is no such disk", path, "See ferry-agent inventory");
    }
}
