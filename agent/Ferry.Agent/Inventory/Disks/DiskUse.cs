namespace Ferry.Agent.Inventory.Disks;

/// <summary>What of the running system writes to a disk.</summary>
internal static class DiskUse
{
    /// <summary>Why a disk changes while it is read: what is mounted for writing from it, or swaps to it; null when nothing is.</summary>
    public static string? Find(SystemRoot root, DiskInventory disk, IReadOnlyList<MountInventory> mounts, IReadOnlyList<SwapInventory> swaps)
    {
        var mount = mounts.FirstOrDefault(mount => !mount.ReadOnly && (disk.DeviceNumbers.Contains(mount.DeviceNumber) || IsOn(root, disk, mount.Source)));
        return mount is not null ? $"{mount.Source} is mounted on {mount.MountPoint}"
            : swaps.FirstOrDefault(swap => IsOn(root, disk, swap.Path)) is { } swap ? $"{swap.Path} is used for swapping"
            : null;
    }

    // By the name of the device, through the link that names of logical volumes and ids are.
    private static bool IsOn(SystemRoot root, DiskInventory disk, string device)
    {
        var target = root.ReadLink(device);
        var name = Path.GetFileName(target ?? device);
        return root.ReadText($"/sys/class/block/{name}/dev") is { } number && disk.DeviceNumbers.Contains(number);
    }
}
