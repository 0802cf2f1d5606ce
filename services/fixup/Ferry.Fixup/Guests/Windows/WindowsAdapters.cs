using Ferry.Hives;

namespace Ferry.Fixup.Guests.Windows;

/// <summary>Reads adapters' settings from a control set.</summary>
internal static class WindowsAdapters
{
    private const string Tcpip = "Services\\Tcpip\\Parameters\\Interfaces";
    private const string Connections = "Control\\Network\\{4D36E972-E325-11CE-BFC1-08002BE10318}";
    private const string Addresses = "Control\\NetworkSetup2\\Interfaces";
    private const string Tcpip6 = "Services\\Tcpip6\\Parameters\\Interfaces";
    private const string NetBios = "Services\\NetBT\\Parameters\\Interfaces";
    private const string Ipv6Addresses = "Control\\Nsi\\{eb004a01-9b1a-11d4-9123-0050047759bc}\\10";
    private const string Unset = "0.0.0.0";
    private static readonly string[] Buses = ["PCI\\", "VMBUS\\", "XENVIF\\", "XENBUS\\"];
    private const int MacLength = 6;

    /// <summary>Adapters that are a connection or have a static address.</summary>
    public static IReadOnlyList<WindowsAdapter> Read(HiveKey controlSet) =>
        [.. (controlSet.Find(Tcpip)?.Subkeys ?? []).Select(k => ReadOne(controlSet, k)).Where(a => a.Alias.Length > 0 || a.Addresses.Count > 0)];

    /// <summary>Whether Windows keeps static IPv6 addresses: they stand in a store whose format is not published, and are not read.</summary>
    public static bool HasStaticIpv6(HiveKey controlSet) => controlSet.Find(Ipv6Addresses) is { } key && key.Values.Any();

    private static WindowsAdapter ReadOne(HiveKey controlSet, HiveKey key)
    {
        var connection = controlSet.Find($"{Connections}\\{key.Name}\\Connection");
        var netBios = controlSet.Find($"{NetBios}\\Tcpip_{key.Name}");
        var addresses = Texts(key, "IPAddress");
        var masks = Texts(key, "SubnetMask");
        var count = Math.Min(addresses.Count, masks.Count);
        return new WindowsAdapter
        {
            Id = key.Name,
            Alias = Text(connection, "Name"),
            MacAddress = MacOf(controlSet.Find($"{Addresses}\\{key.Name}\\Kernel")),
            IsDhcp = Number(key, "EnableDHCP", 0) != 0,
            Addresses = [.. addresses.Take(count).Where(a => a != Unset)],
            Masks = [.. masks.Take(count).Where((_, i) => addresses[i] != Unset)],
            Gateways = Texts(key, "DefaultGateway"),
            GatewayMetrics = Texts(key, "DefaultGatewayMetric"),
            NameServers = Servers(key),
            NameServers6 = Servers(controlSet.Find($"{Tcpip6}\\{key.Name}")),
            WinsServers = netBios is null ? [] : Texts(netBios, "NameServerList"),
            Suffix = Text(key, "Domain"),
            Metric = Number(key, "InterfaceMetric", 0),
            NetbiosOptions = Number(netBios, "NetbiosOptions", 0),
            RegistersAddresses = Number(key, "RegistrationEnabled", 1) != 0,
            RegistersUnderSuffix = Number(key, "RegisterAdapterName", 0) != 0,
            IsHardware = Buses.Any(b => Text(connection, "PnPInstanceId").StartsWith(b, StringComparison.OrdinalIgnoreCase)),
        };
    }

    private static IReadOnlyList<string> Texts(HiveKey key, string name) =>
        key.Value(name) is { Type: HiveValueType.MultiSz or HiveValueType.Sz } value ? [.. value.GetStrings().Where(t => t.Length > 0)] : [];

    private static string Text(HiveKey? key, string name) => key?.Value(name) is { Type: HiveValueType.Sz or HiveValueType.ExpandSz } value ? value.GetString() : "";

    private static uint Number(HiveKey? key, string name, uint otherwise) => key?.Value(name) is { Type: HiveValueType.DWord } value ? value.GetDWord() : otherwise;

    private static string[] Servers(HiveKey? key) => Text(key, "NameServer").Split([',', ' '], StringSplitOptions.RemoveEmptyEntries);

    private static string? MacOf(HiveKey? kernel) =>
        (kernel?.Value("PermanentAddress") ?? kernel?.Value("CurrentAddress")) is { Type: HiveValueType.Binary, Size: MacLength } address ? Convert.ToHexString(address.GetData()) : null;
}
