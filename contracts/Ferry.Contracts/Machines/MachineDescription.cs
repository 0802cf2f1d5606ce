namespace Ferry.Contracts.Machines;

/// <summary>A machine as its source's descriptor tells it, in terms that every target understands.</summary>
public sealed record MachineDescription
{
    /// <summary>Display name.</summary>
    public required string Name { get; init; }

    /// <summary>Number of virtual processors, at least 1.</summary>
    public required int Processors { get; init; }

    /// <summary>Memory in MiB.</summary>
    public required int MemoryMiB { get; init; }

    /// <summary>Firmware the machine boots with.</summary>
    public required Firmware Firmware { get; init; }

    /// <summary>Whether UEFI Secure Boot is on.</summary>
    public bool SecureBoot { get; init; }

    /// <summary>Guest system as the source names it (VMware: <c>guestOS</c>), or null.</summary>
    public string? GuestHint { get; init; }

    /// <summary>Disks in controller order: the first is the one the machine boots from.</summary>
    public required IReadOnlyList<MachineDisk> Disks { get; init; }

    /// <summary>Network adapters in the source's order.</summary>
    public required IReadOnlyList<MachineNic> Nics { get; init; }
}
