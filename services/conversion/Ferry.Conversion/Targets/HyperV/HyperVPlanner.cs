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
    private const long MostDiskBytes = 64L << 40;
    private const int MostProcessorsGeneration1 = 64;
    private const int MostMemoryMiBGeneration1 = 1 << 20;

    /// <summary>
    /// What the operator should know before the conversion. An error, <see cref="TargetErrors.FirmwareMismatch"/> or <see cref="TargetErrors.LimitExceeded"/>,
    /// says that Hyper-V cannot take the machine.
    /// </summary>
    /// <param name="machine">The machine.</param>
    /// <param name="generation">Generation that was asked for, or null to follow the firmware.</param>
    public static IReadOnlyList<Finding> Preflight(MachineDescription machine, int? generation)
    {
        ArgumentNullException.ThrowIfNull(machine);
        var fitting = FittingGeneration(machine);
        Finding?[] findings =
        [
            CheckGeneration(fitting, generation),

            // Generation 1 boots from IDE: one disk there, the others on SCSI.
            CheckCount(machine.Disks.Count, (MostScsiControllers * DisksPerScsiController) + (fitting == 1 ? 1 : 0), "disks"),
            CheckCount(machine.Nics.Count, MostNics, "network adapters"),
            .. machine.Disks.Select(CheckSize),
            fitting == 1 ? CheckProcessors(machine) : null,
            fitting == 1 ? CheckMemory(machine) : null,
            fitting == 2 && !machine.SecureBoot ? SecureBootOff() : null,
            fitting == 2 && machine.SecureBoot && GuestFamilies.OfHint(machine.GuestHint) == GuestFamily.Unknown ? SecureBootUnknown(machine) : null,
        ];
        return [.. findings.OfType<Finding>()];
    }

    /// <summary>Plans the machine.</summary>
    /// <param name="machine">The machine.</param>
    /// <param name="images">The finished images, in the machine's order of disks.</param>
    /// <param name="generation">Generation that was asked for, or null.</param>
    /// <param name="name">Name at the target, or null for the source's.</param>
    /// <param name="guest">Family of the guest, or null to go by the source's hint.</param>
    /// <exception cref="TargetException">An error that <see cref="Preflight"/> finds.</exception>
    public static HyperVDefinition Plan(MachineDescription machine, IReadOnlyList<HyperVImage> images, int? generation = null, string? name = null, GuestFamily? guest = null)
    {
        ArgumentNullException.ThrowIfNull(machine);
        ArgumentNullException.ThrowIfNull(images);
        if (Preflight(machine, generation).FirstOrDefault(finding => finding.Severity == FindingSeverity.Error) is { } error)
        {
            throw TargetException.Of(error.Id, error.Message, error.Remedy);
        }

        var fitting = FittingGeneration(machine);
        if (images.Count != machine.Disks.Count)
        {
            throw new ArgumentException("There must be one image per disk.", nameof(images));
        }

        var family = guest ?? GuestFamilies.OfHint(machine.GuestHint);
        var memory = Math.Max(LeastMemory, (((long)machine.MemoryMiB << 20) + MemoryUnit - 1) / MemoryUnit * MemoryUnit);
        return new HyperVDefinition
        {
            Name = name ?? machine.Name,
            Generation = fitting,
            Processors = machine.Processors,
            MemoryBytes = memory,
            SecureBoot = fitting == 2 && machine.SecureBoot && family != GuestFamily.Unknown,
            SecureBootTemplate = fitting == 1 ? null : family == GuestFamily.Windows ? "MicrosoftWindows" : "MicrosoftUEFICertificateAuthority",
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

    private static int FittingGeneration(MachineDescription machine) => machine.Firmware == Firmware.Uefi ? 2 : 1;

    private static Finding? CheckGeneration(int fitting, int? generation) => generation switch
    {
        null => null,
        { } asked when asked == fitting => null,
        1 or 2 => Make(
            FindingSeverity.Error, TargetErrors.FirmwareMismatch,
            $"The machine boots with {(fitting == 2 ? "UEFI" : "BIOS")}; a Hyper-V machine of generation {generation} cannot boot it.",
            $"Use generation {fitting} (or leave it out), or change how the guest boots before the conversion."),
        _ => Make(FindingSeverity.Error, TargetErrors.FirmwareMismatch, $"Hyper-V has no generation {generation}.", "Ask for generation 1 or 2, or for none."),
    };

    private static Finding? CheckCount(int count, int most, string what) => count <= most
        ? null
        : Make(
            FindingSeverity.Error, TargetErrors.LimitExceeded, $"The machine has {count} {what}; Hyper-V allows {most}.",
            $"Remove {what} at the source, or move the rest by hand.");

    private static Finding? CheckSize(MachineDisk disk) => disk.Capacity <= MostDiskBytes
        ? null
        : Make(
            FindingSeverity.Error, TargetErrors.LimitExceeded, $"Disk {disk.Index} has {disk.Capacity >> 40} TiB; a VHDX holds {MostDiskBytes >> 40} TiB.",
            "Move its data to smaller disks at the source.");

    private static Finding? CheckProcessors(MachineDescription machine) => machine.Processors <= MostProcessorsGeneration1
        ? null
        : Make(
            FindingSeverity.Warning, "HYPERV_PROCESSORS", $"The machine has {machine.Processors} processors; generation 1 allows {MostProcessorsGeneration1}.",
            "Give import.ps1 fewer with -Processors, or move the guest to UEFI first.");

    private static Finding? CheckMemory(MachineDescription machine) => machine.MemoryMiB <= MostMemoryMiBGeneration1
        ? null
        : Make(
            FindingSeverity.Warning, "HYPERV_MEMORY", $"The machine has {machine.MemoryMiB} MiB of memory; generation 1 allows 1 TiB.",
            "Give import.ps1 less with -MemoryStartupBytes.");

    private static Finding SecureBootOff() => Make(
        FindingSeverity.Information, "HYPERV_SECURE_BOOT_OFF", "Secure Boot stays off, as at the source.",
        "Switch it on with Set-VMFirmware when the guest's boot loader is signed.");

    private static Finding SecureBootUnknown(MachineDescription machine) => Make(
        FindingSeverity.Warning, "HYPERV_SECURE_BOOT_UNKNOWN",
        $"Secure Boot is on at the source, which does not say whether the guest is Windows or Linux ({Shown(machine.GuestHint)}): it is switched off unless the fix-up finds one of the two.",
        "Switch it on with Set-VMFirmware and the template that has the certificate of the guest's boot loader.");

    private static string Shown(string? hint) =>
        hint is null ? "it names no guest" : $"guest \"{string.Concat(hint.Take(40).Select(c => char.IsControl(c) ? '?' : c))}\"";

    private static Finding Make(FindingSeverity severity, string id, string message, string remedy) =>
        new() { Id = id, Severity = severity, Message = message, Remedy = remedy };
}
