using System.Text;
using Ferry.Contracts;
using Ferry.Contracts.Conversion;
using Ferry.Contracts.Machines;

namespace Ferry.Conversion.Targets.Azure;

/// <summary>The definition for Azure: <c>deploy.sh</c>, which uploads the fixed VHDs as managed disks and makes the virtual machine.</summary>
public sealed class AzureTarget : ITargetDefinition
{
    private const int MostDataDisks = 64;
    private const int MostNics = 8;

    /// <inheritdoc/>
    public string Target => "azure";

    /// <inheritdoc/>
    public IReadOnlyList<string> FileNames { get; } = [AzureScript.FileName];

    /// <inheritdoc/>
    public IReadOnlyList<Finding> Preflight(MachineDescription machine, int? generation)
    {
        ArgumentNullException.ThrowIfNull(machine);
        Finding?[] findings =
        [
            CheckCount(machine.Disks.Count, MostDataDisks + 1, "disks"),
            CheckCount(machine.Nics.Count, MostNics, "network adapters"),
            .. machine.Disks.Select(CheckSize),
            .. machine.Disks.Select(CheckUnit),
            CheckMachineSize(machine),
            GuestFamilies.OfHint(machine.GuestHint) == GuestFamily.Unknown ? UnknownGuest() : null,
            machine.SecureBoot ? SecureBootOff() : null,
            machine.Nics.Count > 0 ? Addresses() : null,
        ];
        return [.. findings.OfType<Finding>()];
    }

    /// <inheritdoc/>
    public IReadOnlyList<DefinitionFile> Create(PublishMachine command, string folder)
    {
        ArgumentNullException.ThrowIfNull(command);
        if (Preflight(command.Machine, command.Generation).FirstOrDefault(finding => finding.Severity == FindingSeverity.Error) is { } error)
        {
            throw TargetException.Of(error.Id, error.Message, error.Remedy);
        }

        return [new DefinitionFile(AzureScript.FileName, Encoding.ASCII.GetBytes(AzureScript.Write(command)))];
    }

    private static Finding? CheckCount(int count, int most, string what) => count <= most
        ? null
        : Make(
            FindingSeverity.Error, TargetErrors.LimitExceeded, $"The machine has {count} {what}; Azure allows {most}.", $"Remove {what} at the source, or move the rest by hand.");

    private static Finding? CheckSize(MachineDisk disk) => disk.Capacity <= AzureDisk.MostBytes
        ? null
        : Make(
            FindingSeverity.Error, TargetErrors.LimitExceeded,
            $"Disk {disk.Index} has {disk.Capacity >> 30} GiB; a VHD, the only format that Azure takes, holds {AzureDisk.MostBytes >> 30} GiB.",
            "Move its data to smaller disks at the source.");

    private static Finding? CheckUnit(MachineDisk disk)
    {
        var more = AzureDisk.Padded(disk.Capacity) - disk.Capacity;
        return more == 0 ? null : Make(
            FindingSeverity.Information, "AZURE_DISK_PADDED",
            $"Disk {disk.Index} gets {more} bytes of zeros at its end, as Azure takes whole MiB only. If it has a GPT, the backup table stays where it was, which is no longer the end of the disk; the guest starts all the same.",
            "In a Linux guest sgdisk -e moves the backup table; Windows does it when the disk is extended.");
    }

    private static Finding? CheckMachineSize(MachineDescription machine) =>
        AzureSize.Smallest(machine.Processors, machine.MemoryMiB, machine.Disks.Count - 1, machine.Nics.Count) is not null ? null : Make(
            FindingSeverity.Warning, "AZURE_SIZE",
            $"No common size has {machine.Processors} processors, {machine.MemoryMiB} MiB of memory, {machine.Disks.Count} disks and {machine.Nics.Count} network adapters.",
            $"Give {AzureScript.FileName} a size with --size; az vm list-sizes --location LOCATION lists them.");

    private static Finding UnknownGuest() => Make(
        FindingSeverity.Information, "AZURE_OS_TYPE", "The source does not say whether the guest is Windows or Linux; Linux is taken unless the fix-up finds Windows.",
        $"If it is Windows, give {AzureScript.FileName} --os-type Windows.");

    private static Finding SecureBootOff() => Make(
        FindingSeverity.Information, "AZURE_SECURE_BOOT_OFF", "Secure Boot is on at the source; the machine on Azure is made without it.",
        "Switch the machine to the security type Trusted Launch when it has started once.");

    private static Finding Addresses() => Make(
        FindingSeverity.Information, "AZURE_ADDRESSES", "Azure gives the network adapters MAC addresses of its own, and IP addresses by DHCP only.",
        "Give an adapter its static address on Azure: az network nic ip-config update --private-ip-address.");

    private static Finding Make(FindingSeverity severity, string id, string message, string remedy) =>
        new() { Id = id, Severity = severity, Message = message, Remedy = remedy };
}
