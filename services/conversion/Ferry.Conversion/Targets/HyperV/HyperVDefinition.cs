namespace Ferry.Conversion.Targets.HyperV;

/// <summary>A Hyper-V machine: all that <c>vm.json</c> says and <c>import.ps1</c> makes.</summary>
public sealed record HyperVDefinition
{
    /// <summary>Version of this document's form; grows when a reader of the old form would go wrong.</summary>
    public int FormatVersion { get; init; } = 1;

    /// <summary>Target platform.</summary>
    public string Target { get; init; } = "hyperv";

    /// <summary>Name of the machine.</summary>
    public required string Name { get; init; }

    /// <summary>Generation: 1 (BIOS) or 2 (UEFI).</summary>
    public required int Generation { get; init; }

    /// <summary>Number of virtual processors.</summary>
    public required int Processors { get; init; }

    /// <summary>Static memory in bytes; a multiple of 2 MiB.</summary>
    public required long MemoryBytes { get; init; }

    /// <summary>Whether Secure Boot is on; generation 2 only.</summary>
    public required bool SecureBoot { get; init; }

    /// <summary>Secure Boot template: <c>MicrosoftWindows</c> or <c>MicrosoftUEFICertificateAuthority</c>; null for generation 1.</summary>
    public string? SecureBootTemplate { get; init; }

    /// <summary>Guest system as the source names it, or null.</summary>
    public string? GuestHint { get; init; }

    /// <summary>Disks in boot order.</summary>
    public required IReadOnlyList<HyperVDisk> Disks { get; init; }

    /// <summary>Network adapters.</summary>
    public required IReadOnlyList<HyperVNic> Nics { get; init; }
}
