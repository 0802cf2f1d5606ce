using System.Text.RegularExpressions;

namespace Ferry.Fixup.Guests.Linux.Text;

/// <summary>Finds the physical adapters that a network configuration names, with the MAC address where the configuration itself tells it.</summary>
public static partial class InterfaceNames
{
    private const int MaximumLines = 20_000;

    /// <summary>In ifupdown's <c>interfaces</c>.</summary>
    public static IReadOnlyList<(string Name, string? Mac)> Ifupdown(string text)
    {
        var found = new List<(string Name, string? Mac)>();
        var stacked = new HashSet<string>();
        var current = "";
        foreach (var line in text.Split('\n').Take(MaximumLines).Select(l => l.Trim()))
        {
            var words = line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
            if (words is ["iface", var name, ..])
            {
                current = name.Split(':')[0];
                if (IsPhysical(current) && !found.Exists(f => f.Name == current))
                {
                    found.Add((current, null));
                }
            }
            else if (words is ["hwaddress", ..] && Mac(words[^1]) is { } mac && found.FindIndex(f => f.Name == current) is >= 0 and var at)
            {
                found[at] = (current, mac);
            }
            else if (words is ["bridge_ports" or "bridge-ports" or "bond-slaves" or "slaves" or "bond_slaves" or "vlan-raw-device" or "vlan_raw_device", ..])
            {
                stacked.Add(current);
                found.AddRange(words.Skip(1).Where(w => w is not "none" and not "all" && IsPhysical(w) && !found.Exists(f => f.Name == w)).Select(w => (w, (string?)null)));
            }
        }

        return [.. found.Where(f => !stacked.Contains(f.Name))];
    }

    /// <summary>In netplan's YAML: the keys under <c>ethernets</c>, by indentation. An entry with a <c>match</c> is named by netplan itself.</summary>
    public static IReadOnlyList<(string Name, string? Mac)> Netplan(string text)
    {
        var found = new List<(string Name, string? Mac)>();
        var section = -1;
        var level = -1;
        foreach (var line in text.Split('\n').Take(MaximumLines).Where(l => l.Trim() is { Length: > 0 } t && t[0] != '#'))
        {
            var indent = line.Length - line.TrimStart(' ').Length;
            var entry = line.Trim();
            if (section < 0)
            {
                section = entry == "ethernets:" ? indent : -1;
            }
            else if (indent <= section)
            {
                section = entry == "ethernets:" ? indent : -1;
                level = -1;
            }
            else if (level < 0 || indent == level)
            {
                level = indent;
                if (entry.EndsWith(':') && IsPhysical(entry[..^1].Trim('"', '\'')))
                {
                    found.Add((entry[..^1].Trim('"', '\''), null));
                }
            }
            else if (entry is "match:" && found.Count > 0)
            {
                found.RemoveAt(found.Count - 1);
            }
        }

        return found;
    }

    /// <summary>Twelve upper-case digits, or null.</summary>
    public static string? Mac(string text) => MacAddress().IsMatch(text) ? text.Replace(":", "", StringComparison.Ordinal).ToUpperInvariant() : null;

    internal static bool IsPhysical(string name) => name != "lo" && Physical().IsMatch(name);

    [GeneratedRegex("^(?:eth|en|em|p[0-9]+p)[A-Za-z0-9]{1,12}$", RegexOptions.CultureInvariant)]
    private static partial Regex Physical();

    [GeneratedRegex("^[0-9A-Fa-f]{2}(?::[0-9A-Fa-f]{2}){5}$", RegexOptions.CultureInvariant)]
    private static partial Regex MacAddress();
}
