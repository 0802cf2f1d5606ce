using Ferry.Agent.Inventory.Databases;
using Ferry.Agent.Inventory.Disks;
using Ferry.Agent.Inventory.Network;
using Ferry.Agent.Inventory.Systems;
using Ferry.Contracts;
using Ferry.Contracts.Machines;

namespace Ferry.Agent.Inventory;

/// <summary>What a machine is, as <c>ferry-agent inventory --json</c> prints it.</summary>
internal sealed record MachineInventory
{
    /// <summary>What started the running system.</summary>
    public required Firmware Firmware { get; init; }

    /// <summary>Whether UEFI Secure Boot is on.</summary>
    public required bool SecureBoot { get; init; }

    /// <summary>Manufacturer and product as the firmware says; empty when it does not.</summary>
    public required string Hardware { get; init; }

    /// <summary>Processors.</summary>
    public required ProcessorInventory Processors { get; init; }

    /// <summary>Memory in MiB.</summary>
    public required int MemoryMiB { get; init; }

    /// <summary>The operating system that runs.</summary>
    public required OperatingSystemInventory OperatingSystem { get; init; }

    /// <summary>Local disks in the kernel's order of names.</summary>
    public required IReadOnlyList<DiskInventory> Disks { get; init; }

    /// <summary>Mounted file systems that have a device.</summary>
    public required IReadOnlyList<MountInventory> Mounts { get; init; }

    /// <summary>Swap areas in use.</summary>
    public required IReadOnlyList<SwapInventory> Swaps { get; init; }

    /// <summary>Network interfaces, but for the loopback.</summary>
    public required IReadOnlyList<NicInventory> Nics { get; init; }

    /// <summary>Routes of the main table.</summary>
    public required IReadOnlyList<RouteInventory> Routes { get; init; }

    /// <summary>How names are resolved.</summary>
    public required ResolverInventory Resolver { get; init; }

    /// <summary>System services that run or are started at boot.</summary>
    public required IReadOnlyList<ServiceInventory> Services { get; init; }

    /// <summary>Databases that are installed or run.</summary>
    public required IReadOnlyList<DatabaseInventory> Databases { get; init; }

    /// <summary>What the operator should know before this machine is moved.</summary>
    public required IReadOnlyList<Finding> Findings { get; init; }
}
