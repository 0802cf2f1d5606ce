namespace Ferry.Fixup.Guests.Windows;

/// <summary>What an installed Windows says about itself.</summary>
public sealed record WindowsGuest
{
    /// <summary>Canonical path of its folder: <c>/Windows</c>.</summary>
    public required string SystemRoot { get; init; }

    /// <summary>Canonical path of the SYSTEM hive.</summary>
    public required string SystemHive { get; init; }

    /// <summary>Canonical path of the SOFTWARE hive.</summary>
    public required string SoftwareHive { get; init; }

    /// <summary>NT version: 6.1 is Windows 7, 10.0 is Windows 10 and 11.</summary>
    public required Version Version { get; init; }

    /// <summary>Build number: 17763.</summary>
    public required int Build { get; init; }

    /// <summary>Update of the build (UBR), or 0.</summary>
    public int Revision { get; init; }

    /// <summary><c>Client</c>, <c>Server</c>, <c>Server Core</c>, <c>Nano Server</c>, or empty.</summary>
    public string InstallationType { get; init; } = "";

    /// <summary>Edition: <c>Professional</c>, <c>ServerStandard</c>.</summary>
    public string Edition { get; init; } = "";

    /// <summary><c>WinNT</c>, <c>ServerNT</c>, or <c>LanmanNT</c> for a domain controller.</summary>
    public string ProductType { get; init; } = "";

    /// <summary>Names of the control sets; an edit that boot needs is made in each.</summary>
    public IReadOnlyList<string> ControlSets { get; init; } = [];

    /// <summary>The control set that Windows runs with.</summary>
    public string CurrentControlSet { get; init; } = "";

    /// <summary>Canonical path of the boot configuration store, or null where it was not found.</summary>
    public string? BootStore { get; init; }

    /// <summary>Whether guest tools of VMware are installed.</summary>
    public bool HasVmwareTools { get; init; }

    /// <summary>Adapters with their settings.</summary>
    public IReadOnlyList<WindowsAdapter> Adapters { get; init; } = [];

    /// <summary>Whether it keeps static IPv6 addresses, which are not read.</summary>
    public bool HasStaticIpv6 { get; init; }

    /// <summary>Whether it is a server.</summary>
    public bool IsServer => InstallationType.Length > 0 ? !string.Equals(InstallationType, "Client", StringComparison.OrdinalIgnoreCase) : ProductType is "ServerNT" or "LanmanNT";

    /// <summary>Whether it is Windows 8 or 2012, or later.</summary>
    public bool IsWindows8OrLater => Version >= new Version(6, 2);
}
