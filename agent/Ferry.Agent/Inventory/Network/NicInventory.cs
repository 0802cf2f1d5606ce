namespace Ferry.Agent.Inventory.Network;

/// <summary>A network interface.</summary>
internal sealed record NicInventory
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>MAC address, twelve upper-case hexadecimal digits, or null when it has none.</summary>
    public required string? MacAddress { get; init; }

    /// <summary>Whether a device is behind it; bridges, bonds, tunnels and containers' interfaces have none.</summary>
    public required bool Physical { get; init; }

    /// <summary>Whether it is up.</summary>
    public required bool Up { get; init; }

    /// <summary>Largest packet in bytes, 0 when it is not known.</summary>
    public required int Mtu { get; init; }

    /// <summary>The device's driver; empty when it is not known.</summary>
    public required string Driver { get; init; }

    /// <summary>Addresses with the length of their prefix, such as <c>192.0.2.1/24</c>.</summary>
    public required IReadOnlyList<string> Addresses { get; init; }

    /// <summary>Reads the interfaces but for the loopback.</summary>
    /// <param name="root">The system.</param>
    /// <param name="addresses">Says the addresses of an interface: no file does.</param>
    public static IReadOnlyList<NicInventory> Read(SystemRoot root, Func<string, IReadOnlyList<string>> addresses) =>
    [
        .. from name in root.List("/sys/class/net")
           let folder = $"/sys/class/net/{name}"
           where root.ReadNumber($"{folder}/type") is not 772 && root.Exists($"{folder}/address")
           select new NicInventory
           {
               Name = name,
               MacAddress = Mac(root.ReadText($"{folder}/address")),
               Physical = root.Exists($"{folder}/device"),
               Up = root.ReadText($"{folder}/operstate") is "up" or "unknown",
               Mtu = (int)Math.Clamp(root.ReadNumber($"{folder}/mtu") ?? 0, 0, int.MaxValue),
               Driver = root.ReadLink($"{folder}/device/driver") is { } driver ? Path.GetFileName(driver) : "",
               Addresses = addresses(name),
           }
    ];

    private static string? Mac(string? text)
    {
        var digits = text?.Replace(":", "", StringComparison.Ordinal).ToUpperInvariant();
        return digits is { Length: 12 } && digits.All(char.IsAsciiHexDigit) && digits.Any(digit => digit != '0') ? digits : null;
    }
}
