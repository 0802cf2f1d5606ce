namespace Ferry.Fixup.Guests.Windows;

/// <summary>A network adapter's settings in the registry.</summary>
public sealed record WindowsAdapter
{
    /// <summary>Id of the interface, with braces.</summary>
    public required string Id { get; init; }

    /// <summary>Name for people: <c>Ethernet0</c>; empty where none stands.</summary>
    public string Alias { get; init; } = "";

    /// <summary>MAC address as 12 upper-case hexadecimal digits; null where Windows keeps none (8.1 and earlier).</summary>
    public string? MacAddress { get; init; }

    /// <summary>Whether it asks for its address.</summary>
    public bool IsDhcp { get; init; }

    /// <summary>Static IPv4 addresses.</summary>
    public IReadOnlyList<string> Addresses { get; init; } = [];

    /// <summary>Their masks, in the same order.</summary>
    public IReadOnlyList<string> Masks { get; init; } = [];

    /// <summary>Gateways.</summary>
    public IReadOnlyList<string> Gateways { get; init; } = [];

    /// <summary>Their metrics, in the same order; 0 or missing is automatic.</summary>
    public IReadOnlyList<string> GatewayMetrics { get; init; } = [];

    /// <summary>Name servers.</summary>
    public IReadOnlyList<string> NameServers { get; init; } = [];

    /// <summary>IPv6 name servers.</summary>
    public IReadOnlyList<string> NameServers6 { get; init; } = [];

    /// <summary>WINS servers.</summary>
    public IReadOnlyList<string> WinsServers { get; init; } = [];

    /// <summary>DNS suffix of the connection, or empty.</summary>
    public string Suffix { get; init; } = "";

    /// <summary>Metric of the interface; 0 is automatic.</summary>
    public uint Metric { get; init; }

    /// <summary>NetBIOS over TCP/IP: 0 as DHCP says, 1 on, 2 off.</summary>
    public uint NetbiosOptions { get; init; }

    /// <summary>Whether its addresses are registered in DNS.</summary>
    public bool RegistersAddresses { get; init; } = true;

    /// <summary>Whether they are registered under the connection's own suffix, too.</summary>
    public bool RegistersUnderSuffix { get; init; }

    /// <summary>Whether a bus finds it by itself: no VPN, no team.</summary>
    public bool IsHardware { get; init; }

    /// <summary>Whether it has settings that DHCP does not give.</summary>
    public bool HasSettings =>
        (!IsDhcp && Addresses.Count > 0) || NameServers.Count > 0 || NameServers6.Count > 0 || WinsServers.Count > 0 || Suffix.Length > 0 || Metric != 0 || NetbiosOptions != 0 || !RegistersAddresses;
}
