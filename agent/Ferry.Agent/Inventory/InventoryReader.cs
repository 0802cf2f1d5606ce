using Ferry.Agent.Inventory.Databases;
using Ferry.Agent.Inventory.Disks;
using Ferry.Agent.Inventory.Network;
using Ferry.Agent.Inventory.Systems;
using Ferry.Contracts;

namespace Ferry.Agent.Inventory;

/// <summary>Takes the inventory of a system. Reads files only; runs no program and changes nothing.</summary>
/// <param name="root">The system.</param>
/// <param name="addresses">Says the addresses of an interface.</param>
internal sealed class InventoryReader(SystemRoot root, Func<string, IReadOnlyList<string>> addresses)
{
    /// <summary>The reader of the running system.</summary>
    public static InventoryReader Live() => new(new SystemRoot("/"), LiveAddresses.Read());

    /// <summary>The inventory.</summary>
    /// <param name="removable">Whether disks with a medium that can be taken out count.</param>
    /// <param name="volumes">Whether the disks themselves are read, for partitions, volumes and file systems.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    public async Task<MachineInventory> ReadAsync(bool removable, bool volumes, CancellationToken cancellationToken)
    {
        var disks = DiskReader.Read(root, removable);
        var findings = new List<Finding>();
        if (volumes)
        {
            (disks, var found) = await VolumeReader.ReadAsync(root, disks, cancellationToken);
            findings.AddRange(found);
        }

        foreach (var disk in disks.Where(disk => DiskReader.IsMultipath(root, disk.Name)))
        {
            findings.Add(AgentFindings.Warn(
                AgentFindings.DiskShared, $"Several paths lead to {disk.Path}: it is listed once for each.", "Name the disks to capture with --disk, each of them once."));
        }

        foreach (var disk in disks.Where(disk => DiskReader.IsInRaid(root, disk.Name)))
        {
            findings.Add(AgentFindings.Warn(
                AgentFindings.SoftwareRaid, $"{disk.Path} is part of a software RAID: it is moved as the single disk that it is.", "Capture all disks of the RAID together; nothing of them counts as unused."));
        }

        var databases = DatabaseFinder.Find(root);
        findings.AddRange(DatabaseFinder.Findings(databases));
        return new MachineInventory
        {
            Firmware = HardwareReader.ReadFirmware(root),
            SecureBoot = HardwareReader.ReadSecureBoot(root),
            Hardware = HardwareReader.ReadMaker(root),
            Processors = ProcessorInventory.Read(root),
            MemoryMiB = HardwareReader.ReadMemoryMiB(root),
            OperatingSystem = OperatingSystemInventory.Read(root),
            Disks = disks,
            Mounts = MountInventory.Read(root),
            Swaps = SwapInventory.Read(root),
            Nics = NicInventory.Read(root, addresses),
            Routes = RouteInventory.Read(root),
            Resolver = ResolverInventory.Read(root),
            Services = ServiceInventory.Read(root),
            Databases = databases,
            Findings = findings,
        };
    }
}
