using System.Globalization;
using Ferry.Contracts;
using Ferry.Contracts.Machines;

namespace Ferry.Conversion.Targets.HyperV;

/// <summary>From a machine description to a Hyper-V machine.</summary>
public static class HyperVPlanner
{
    private const int DisksPerScsiController = 64;
    private const int MostScsiControllers = 4;
    private const int MostNics = 8;
    private const long MemoryUnit = 2L << 20;
    private const long LeastMemory = 32L << 20;

    /// <summary>
    /// Checks before anything is read whether Hyper-V can take the machine, and tells the generation: the one asked for, else BIOS -> 1 and UEFI -> 2.
    /// </summary>
    /// <exception cref="TargetException"><see cref="TargetErrors.FirmwareMismatch"/>, <see cref="TargetErrors.LimitExceeded"/>.</exception>
    public static int CheckGeneration(MachineDescription machine, int? generation)
    {
        ArgumentNullException.ThrowIfNull(machine);
        var fitting = machine.Firmware == Firmware.Uefi ? 2 : 1;
        if (generation is not (null or 1 or 2))
        {
            throw TargetException.Of(TargetErrors.FirmwareMismatch, $"Hyper-V has no generation {generation}.", "Ask for generation 1 or 2, or for none.");
        }

        if (generation is { } asked && asked != fitting)
        {
            throw TargetException.Of(
                TargetErrors.FirmwareMismatch,
                $"The machine boots with {(fitting == 2 ? "UEFI" : "BIOS")}; a Hyper-V machine of generation {asked} cannot boot it.",
                $"Use generation {fitting} (or leave it out), or change how the guest boots before the conversion.");
        }

        // Generation 1 boots from IDE: one disk there, the others on SCSI.
        var mostDisks = (MostScsiControllers * DisksPerScsiController) + (fitting == 1 ? 1 : 0);
        RequireAtMost(machine.Disks.Count, mostDisks, "disks");
        RequireAtMost(machine.Nics.Count, MostNics, "network adapters");
        return fitting;
    }

    /// <summary>What the operator should know before the conversion.</summary>
    public static IReadOnlyList<Finding> Preflight(MachineDescription machine)
    {
        ArgumentNullException.ThrowIfNull(machine);
        var findings = new List<Finding>();
        if (machine.Firmware == Firmware.Bios && machine.Processors > 64)
        {
            findings.Add(Warning("HYPERV_PROCESSORS", $"The machine has {machine.Processors} processors; generation 1 allows 64.", "Set fewer processors at import, or move the guest to UEFI first."));
        }

        if (machine.Firmware == Firmware.Bios && machine.MemoryMiB > 1 << 20)
        {
            findings.Add(Warning("HYPERV_MEMORY", $"The machine has {machine.MemoryMiB} MiB of memory; generation 1 allows 1 TiB.", "Give import.ps1 less with -MemoryStartupBytes."));
        }

        if (machine is { Firmware: Firmware.Uefi, SecureBoot: false })
        {
            findings.Add(new Finding
            {
                Id = "HYPERV_SECURE_BOOT_OFF",
                Severity = FindingSeverity.Information,
                Message = "Secure Boot stays off, as at the source.",
                Remedy = "Switch it on with Set-VMFirmware when the guest's boot loader is signed.",
            });
        }

        return findings;
    }

    /// <summary>Plans the machine.</summary>
    /// <param name="machine">The machine.</param>
    /// <param name="images">The finished images, in the machine's order of disks.</param>
    /// <param name="generation">Generation that was asked for, or null.</param>
    /// <param name="name">Name at the target, or null for the source's.</param>
    /// <param name="windows">Whether the guest is Windows, or null to go by the source's hint.</param>
    /// <exception cref="TargetException">As <see cref="CheckGeneration"/>.</exception>
    public static HyperVDefinition Plan(MachineDescription machine, IReadOnlyList<HyperVImage> images, int? generation = null, string? name = null, bool? windows = null)
    {
        ArgumentNullException.ThrowIfNull(machine);
        ArgumentNullException.ThrowIfNull(images);
        var fitting = CheckGeneration(machine, generation);
        if (images.Count != machine.Disks.Count)
        {
            throw new ArgumentException("There must be one image per disk.", nameof(images));
        }

        var memory = Math.Max(LeastMemory, (((long)machine.MemoryMiB << 20) + MemoryUnit - 1) / MemoryUnit * MemoryUnit);
        return new HyperVDefinition
        {
            Name = name ?? machine.Name,
            Generation = fitting,
            Processors = machine.Processors,
            MemoryBytes = memory,
            SecureBoot = fitting == 2 && machine.SecureBoot,
            SecureBootTemplate = fitting == 1 ? null : windows ?? IsWindows(machine.GuestHint) ? "MicrosoftWindows" : "MicrosoftUEFICertificateAuthority",
            GuestHint = machine.GuestHint,
            Disks = [.. images.Select((image, index) => Place(image, index, fitting))],
            Nics = [.. machine.Nics.Select((nic, index) => new HyperVNic
            {
                Name = string.Create(CultureInfo.InvariantCulture, $"Network Adapter {index + 1}"),
                MacAddress = nic.MacAddress,
                SourceNetwork = nic.Network,
                Connected = nic.Connected,
            })],
        };
    }

    /// <summary>VMware's and OVF's names of Windows guests: <c>windows7-64</c>, <c>win2000ProGuest</c>, <c>winNetStandardGuest</c>, <c>longhorn-64</c>.</summary>
    private static bool IsWindows(string? hint) => hint is not null
        && (hint.StartsWith("win", StringComparison.OrdinalIgnoreCase)
            || hint.StartsWith("longhorn", StringComparison.OrdinalIgnoreCase)
            || hint.Contains("windows", StringComparison.OrdinalIgnoreCase));

    private static HyperVDisk Place(HyperVImage image, int index, int generation)
    {
        var ide = generation == 1 && index == 0;
        var scsi = generation == 1 ? index - 1 : index;
        return new HyperVDisk
        {
            Index = index,
            File = image.File,
            CapacityBytes = image.CapacityBytes,
            FileBytes = image.FileBytes,
            FileSha256 = image.FileSha256,
            Controller = ide ? "IDE" : "SCSI",
            ControllerNumber = ide ? 0 : scsi / DisksPerScsiController,
            ControllerLocation = ide ? 0 : scsi % DisksPerScsiController,
        };
    }

    private static void RequireAtMost(int count, int most, string what)
    {
        if (count > most)
        {
            throw TargetException.Of(
                TargetErrors.LimitExceeded,
                string.Create(CultureInfo.InvariantCulture, $"The machine has {count} {what}; Hyper-V allows {most}."),
                $"Remove {what} at the source, or move the rest by hand.");
        }
    }

    private static Finding Warning(string id, string message, string remedy) =>
        new() { Id = id, Severity = FindingSeverity.Warning, Message = message, Remedy = remedy };
}
