using Ferry.Agent.Inventory.Disks;
using Ferry.Contracts;
using Ferry.Contracts.Machines;

namespace Ferry.Agent.Inventory;

/// <summary>The inventory in the terms of the contracts: the machine that a conversion starts from.</summary>
internal static class MachineMapping
{
    private const string EfiSystem = "EFI system";
    private const string BiosBoot = "BIOS boot";
    private const int LongestText = 200;

    /// <summary>Whether the firmware can boot from a disk, so that it belongs at the first place of the controller.</summary>
    public static bool IsBootDisk(DiskInventory disk) => disk.Volumes?.Any(volume => volume.Bootable || volume.PartitionType is EfiSystem or BiosBoot) ?? false;

    /// <summary>The machine.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="inventory">What was found.</param>
    /// <param name="disks">Its disks, in order.</param>
    /// <returns>The machine, and what is doubtful about it.</returns>
    public static (MachineDescription Machine, IReadOnlyList<Finding> Findings) Describe(string name, MachineInventory inventory, IReadOnlyList<DiskInventory> disks)
    {
        var (firmware, doubt) = FirmwareOf(inventory.Firmware, disks);
        var machine = new MachineDescription
        {
            Name = name,
            Processors = inventory.Processors.Logical,
            MemoryMiB = inventory.MemoryMiB,
            Firmware = firmware,
            SecureBoot = firmware is Firmware.Uefi && inventory.SecureBoot,
            GuestHint = null,
            Disks = [.. disks.Select((disk, i) => new MachineDisk
            {
                Index = i,
                Bus = disk.Bus == "virtual" ? "scsi" : disk.Bus,
                Controller = 0,
                Unit = i,
                Image = Short(disk.Name),
                Format = "raw",
                Capacity = disk.Size,
            })],
            Nics = [.. inventory.Nics.Where(nic => nic.Physical).Select((nic, i) => new MachineNic { Index = i, MacAddress = nic.MacAddress, Model = Short(nic.Driver), Connected = nic.Up })],
        };
        return (machine, doubt is null ? [] : [doubt]);
    }

    // A rescue system may have been started by another firmware than the installed one is.
    private static (Firmware Firmware, Finding? Doubt) FirmwareOf(Firmware running, IReadOnlyList<DiskInventory> disks)
    {
        var volumes = disks.SelectMany(disk => disk.Volumes ?? []).ToArray();
        var efi = volumes.Any(volume => volume.PartitionType == EfiSystem);
        var bios = volumes.Any(volume => volume.PartitionType == BiosBoot || (volume.Bootable && volume.PartitionType != EfiSystem));
        var found = running is Firmware.Uefi && !efi && volumes.Length > 0 ? Firmware.Bios : running is Firmware.Bios && efi && !bios ? Firmware.Uefi : running;
        return found == running ? (running, null) : (found, AgentFindings.Warn(
            AgentFindings.FirmwareUncertain,
            $"This system was started by {Name(running)}, but the disks are made for {Name(found)}, which is taken.",
            "Check how the machine boots; the target's generation can be chosen."));
    }

    private static string Name(Firmware firmware) => firmware is Firmware.Uefi ? "UEFI" : "BIOS";

    private static string Short(string text) => text.Length <= LongestText ? text : text[..LongestText];
}
