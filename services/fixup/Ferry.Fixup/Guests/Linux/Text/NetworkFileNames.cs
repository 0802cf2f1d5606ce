namespace Ferry.Fixup.Guests.Linux.Text;

/// <summary>Finds the physical adapter that a network manager's file for one connection names, with the MAC address where the file tells it.</summary>
public static class NetworkFileNames
{
    private const int MaximumLines = 2_000;
    private static readonly string[] NoConnection = [".bak", ".orig", ".rpmnew", ".rpmsave", ".rpmorig", "~", ".old"];

    /// <summary>In an <c>ifcfg</c> file, of Red Hat's network scripts and NetworkManager, or of SUSE's wicked.</summary>
    /// <param name="fileName">The file's name, which ends with the adapter's where no <c>DEVICE</c> is given.</param>
    /// <param name="text">Its text.</param>
    public static IReadOnlyList<(string Name, string? Mac)> Ifcfg(string fileName, string text)
    {
        if (!fileName.StartsWith("ifcfg-", StringComparison.Ordinal) || NoConnection.Any(e => fileName.EndsWith(e, StringComparison.Ordinal)))
        {
            return [];
        }

        var name = Setting(text, "DEVICE") ?? fileName["ifcfg-".Length..];
        var hardware = Setting(text, "HWADDR") is { } address ? InterfaceNames.Mac(address) : null;
        return InterfaceNames.IsPhysical(name) ? [(name, hardware)] : [];
    }

    /// <summary>In one of NetworkManager's keyfiles.</summary>
    public static IReadOnlyList<(string Name, string? Mac)> Keyfile(string text)
    {
        var type = IniText.Value(text, "type", "connection");
        var name = IniText.Value(text, "interface-name", "connection");
        var mac = IniText.Value(text, "mac-address", "ethernet", "802-3-ethernet");
        return type is "ethernet" or "802-3-ethernet" && name is not null && InterfaceNames.IsPhysical(name) ? [(name, mac is null ? null : InterfaceNames.Mac(mac))] : [];
    }

    /// <summary>In a network file of systemd-networkd; patterns name no adapter.</summary>
    public static IReadOnlyList<(string Name, string? Mac)> Networkd(string text)
    {
        var mac = IniText.Value(text, "MACAddress", "Match") ?? IniText.Value(text, "PermanentMACAddress", "Match");
        var names = (IniText.Value(text, "Name", "Match") ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries).Where(InterfaceNames.IsPhysical).ToList();
        return [.. names.Select(n => (n, names.Count == 1 && mac is not null ? InterfaceNames.Mac(mac) : null))];
    }

    private static string? Setting(string text, string key) =>
        text.Split('\n').Take(MaximumLines).Select(l => l.Trim()).LastOrDefault(l => l.StartsWith(key + "=", StringComparison.Ordinal))?[(key.Length + 1)..].Trim('"', '\'');
}
