using Ferry.Contracts;
using Ferry.Contracts.Conversion;
using Ferry.Contracts.Machines;

namespace Ferry.Conversion.Targets.Kvm;

/// <summary>The definition for KVM under libvirt: <c>domain.xml</c>, for <c>virsh define</c>.</summary>
public sealed class KvmTarget : ITargetDefinition
{
    /// <summary>Name of the file.</summary>
    public const string FileName = "domain.xml";

    // Each disk and adapter on virtio has a PCI Express port of its own; q35 has some 200 of them (30 slots of 8 functions, less what else there is).
    private const int MostDevices = 200;

    /// <inheritdoc/>
    public string Target => "kvm";

    /// <inheritdoc/>
    public IReadOnlyList<string> FileNames { get; } = [FileName];

    /// <inheritdoc/>
    public IReadOnlyList<Finding> Preflight(MachineDescription machine, int? generation)
    {
        ArgumentNullException.ThrowIfNull(machine);
        var devices = machine.Disks.Count + machine.Nics.Count;
        Finding?[] findings =
        [
            devices <= MostDevices ? null : Make(
                FindingSeverity.Error, TargetErrors.LimitExceeded, $"The machine has {devices} disks and network adapters; a q35 machine has places for {MostDevices}.",
                "Remove some at the source, or move the rest by hand."),
            machine.Nics.Count == 0 ? null : Make(
                FindingSeverity.Information, "KVM_NETWORK", "Every network adapter is connected to libvirt's network \"default\"; addresses that the guest has of its own do not fit there.",
                $"Change the <source> of each <interface> in {FileName} to the host's bridge or network before virsh define."),
            !machine.SecureBoot ? null : Make(
                FindingSeverity.Information, "KVM_SECURE_BOOT", "Secure Boot stays on, as at the source; the host needs a UEFI firmware with Secure Boot and enrolled keys.",
                "Install the host's OVMF packages, or switch secure-boot off in " + FileName + "."),
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

        return [new DefinitionFile(FileName, DomainXml.Write(command, folder))];
    }

    private static Finding Make(FindingSeverity severity, string id, string message, string remedy) =>
        new() { Id = id, Severity = severity, Message = message, Remedy = remedy };
}
