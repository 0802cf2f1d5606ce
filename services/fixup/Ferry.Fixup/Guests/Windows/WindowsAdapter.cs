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

    /// <summary>Name servers.</summary>
    public IReadOnlyList<string> NameServers { get; init; } = [];
}
