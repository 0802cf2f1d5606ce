using System.Globalization;

namespace Ferry.Agent.Inventory.Systems;

/// <summary>The operating system that runs.</summary>
internal sealed record OperatingSystemInventory
{
    /// <summary>The host's name.</summary>
    public required string HostName { get; init; }

    /// <summary>Id of the distribution, such as <c>debian</c>; empty when it is not said.</summary>
    public required string Id { get; init; }

    /// <summary>Version of the distribution, such as <c>12</c>; empty when it is not said.</summary>
    public required string Version { get; init; }

    /// <summary>Name for people.</summary>
    public required string Name { get; init; }

    /// <summary>Release of the kernel.</summary>
    public required string Kernel { get; init; }

    /// <summary>Id of the installation (machine-id), or empty.</summary>
    public required string MachineId { get; init; }

    /// <summary>Id of this run of the kernel, or empty.</summary>
    public required string BootId { get; init; }

    /// <summary>Seconds since the kernel started.</summary>
    public required long UptimeSeconds { get; init; }

    /// <summary>Reads it.</summary>
    public static OperatingSystemInventory Read(SystemRoot root)
    {
        var release = OsRelease.Parse(root.ReadText("/etc/os-release") ?? root.ReadText("/usr/lib/os-release") ?? "");
        return new OperatingSystemInventory
        {
            HostName = root.ReadText("/proc/sys/kernel/hostname") ?? root.ReadText("/etc/hostname") ?? "",
            Id = release.GetValueOrDefault("ID", ""),
            Version = release.GetValueOrDefault("VERSION_ID", ""),
            Name = release.GetValueOrDefault("PRETTY_NAME", release.GetValueOrDefault("NAME", "")),
            Kernel = root.ReadText("/proc/sys/kernel/osrelease") ?? "",
            MachineId = root.ReadText("/etc/machine-id") ?? "",
            BootId = root.ReadText("/proc/sys/kernel/random/boot_id") ?? "",
            UptimeSeconds = double.TryParse(root.ReadText("/proc/uptime")?.Split(' ')[0], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds) && seconds is >= 0 and < 1e12
                ? (long)seconds
                : 0,
        };
    }
}
