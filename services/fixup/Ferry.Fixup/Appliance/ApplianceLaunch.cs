namespace Ferry.Fixup.Appliance;

/// <summary>What the worker needs to know to start the appliance.</summary>
internal sealed record ApplianceLaunch
{
    /// <summary>Disks in the machine's order.</summary>
    public required IReadOnlyList<ApplianceDisk> Disks { get; init; }

    /// <summary>Memory of the appliance in MiB.</summary>
    public required int MemoryMiB { get; init; }

    /// <summary>What runs its processor.</summary>
    public required Acceleration Acceleration { get; init; }

    /// <summary>Private folder for temporary files.</summary>
    public required string Scratch { get; init; }
}
