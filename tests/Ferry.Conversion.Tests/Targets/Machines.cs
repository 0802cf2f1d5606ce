using Ferry.Contracts.Conversion;
using Ferry.Contracts.Conversions;
using Ferry.Contracts.Machines;
using Ferry.Conversion.Output;
using Ferry.Conversion.Targets;
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

    /// <summary>The command that publishes it; with a guest when a fix-up has found one, which put the drivers there that are named.</summary>
    public static PublishMachine Publish(MachineDescription machine, string target, string? guest = null, params string[] drivers)
    {
        var format = TargetSelector.SelectFormat(TargetSelector.Select(target), null);
        return new PublishMachine
        {
            ConversionId = Guid.Parse("6f1d2c3b-0000-4000-8000-000000000001"),
            Attempt = 1,
            Target = target,
            Machine = machine,
            Output = "/out",
            Guest = guest is null ? null : new GuestReport
            {
                Family = guest,
                Distribution = guest,
                Version = "1",
                Changes = [.. drivers.Select(driver => new GuestChange { Rule = "drivers", Path = "/Windows/System32/drivers/" + driver, Summary = "added" })],
            },
            Disks = [.. machine.Disks.Select(disk => Report(machine.Name, disk.Index, format))],
        };
    }

    private static DiskReport Report(string name, int disk, string format) => new()
    {
        Disk = disk,
        Capacity = 1 << 20,
        ChunkSize = 1 << 20,
        Image = MachineFileName.Image(name, disk, format),
        Format = format,
        ImageBytes = (1 << 20) + 512,
        CapturedManifest = "",
        CapturedDigest = "",
        ImageManifest = "",
        ImageDigest = "",
        VerifiedChunks = 1,
        ChangedByFixup = [],
        Bytes = new ByteCounts(),
    };

    public static HyperVDefinition Plan(MachineDescription machine, int? generation = null) =>
        HyperVPlanner.Plan(machine, [.. machine.Disks.Select(d => new HyperVImage($"web-{d.Index}.vhdx", 1 << 30, 3))], generation);
}
