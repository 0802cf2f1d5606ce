using Ferry.Hives;

namespace Ferry.Fixup.Guests.Windows;

/// <summary>Reads adapters' settings from a control set.</summary>
internal static class WindowsAdapters
{
    private const string Tcpip = "Services\\Tcpip\\Parameters\\Interfaces";
    private const string Connections = "Control\\Network\\{4D36E972-E325-11CE-BFC1-08002BE10318}";
    private const string Addresses = "Control\\NetworkSetup2\\Interfaces";
    private const string Unset = "0.0.0.0";
    private const int MacLength = 6;

    /// <summary>Adapters that are a connection or have a static address.</summary>
    public static IReadOnlyList<WindowsAdapter> Read(HiveKey controlSet) =>
        [.. (controlSet.Find(Tcpip)?.Subkeys ?? []).Select(k => ReadOne(controlSet, k)).Where(a => a.Alias.Length > 0 || a.Addresses.Count > 0)];

    private static WindowsAdapter ReadOne(HiveKey controlSet, HiveKey key)
    {
        var addresses = Texts(key, "IPAddress");
        var masks = Texts(key, "SubnetMask");
        var count = Math.Min(addresses.Count, masks.Count);
        return new WindowsAdapter
        {
            Id = key.Name,
            Alias = controlSet.Find($"{Connections}\\{key.Name}\\Connection")?.Value("Name") is { Type: HiveValueType.Sz } name ? name.GetString() : "",
            MacAddress = MacOf(controlSet.Find($"{Addresses}\\{key.Name}\\Kernel")),
            IsDhcp = key.Value("EnableDHCP") is { Type: HiveValueType.DWord } dhcp && dhcp.GetDWord() != 0,
            Addresses = [.. addresses.Take(count).Where(a => a != Unset)],
            Masks = [.. masks.Take(count).Where((_, i) => addresses[i] != Unset)],
            Gateways = Texts(key, "DefaultGateway"),
            NameServers = key.Value("NameServer") is { Type: HiveValueType.Sz } servers ? servers.GetString().Split([',', ' '], StringSplitOptions.RemoveEmptyEntries) : [],
        };
    }

    private static IReadOnlyList<string> Texts(HiveKey key, string name) =>
        key.Value(name) is { Type: HiveValueType.MultiSz or HiveValueType.Sz } value ? [.. value.GetStrings().Where(t => t.Length > 0)] : [];

    private static string? MacOf(HiveKey? kernel) =>
        (kernel?.Value("PermanentAddress") ?? kernel?.Value("CurrentAddress")) is { Type: HiveValueType.Binary, Size: MacLength } address ? Convert.ToHexString(address.GetData()) : null;
}
