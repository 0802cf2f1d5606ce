namespace Ferry.Fixup.Rehearsal.Models;

/// <summary>A machine to start.</summary>
internal sealed record MachineSpecification
{
    /// <summary>Its devices.</summary>
    public required DeviceModel Model { get; init; }

    /// <summary>Unix sockets of the NBD servers of its disks, in order; the first is the one it starts from.</summary>
    public required IReadOnlyList<string> Disks { get; init; }

    /// <summary>Processors.</summary>
    public required int Processors { get; init; }

    /// <summary>Memory in MiB.</summary>
    public required int MemoryMiB { get; init; }

    /// <summary>Private folder for sockets and pictures; short.</summary>
    public required string Scratch { get; init; }

    /// <summary>The chassis' asset tag (SMBIOS type 3), by which a guest knows what it was started for; or null.</summary>
    public string? AssetTag { get; init; }
}
