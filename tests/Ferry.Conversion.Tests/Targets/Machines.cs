using Ferry.Contracts.Machines;
using Ferry.Conversion.Targets.HyperV;

namespace Ferry.Conversion.Tests.Targets;

/// <summary>Machines to plan.</summary>
internal static class Machines
{
    public static MachineDescription Of(
        Firmware firmware = Firmware.Bios, int disks = 1, int nics = 1, string name = "web", bool secureBoot = false, string? guest = "debian10-64", string? network = "VM Network") => new()
        {
            Name = name,
            Processors = 2,
            MemoryMiB = 2047,
            Firmware = firmware,
            SecureBoot = secureBoot,
            GuestHint = guest,
            Disks = [.. Enumerable.Range(0, disks).Select(i => new MachineDisk { Index = i, Bus = "scsi", Controller = 0, Unit = i, Image = $"d{i}.vmdk" })],
            Nics = [.. Enumerable.Range(0, nics).Select(i => new MachineNic { Index = i, MacAddress = $"00505600000{i}", Network = network, Connected = i == 0 })],
        };

    public static HyperVDefinition Plan(MachineDescription machine, int? generation = null) =>
        HyperVPlanner.Plan(machine, [.. machine.Disks.Select(d => new HyperVImage($"web-{d.Index}.vhdx", 1 << 30, 3))], generation);
}
