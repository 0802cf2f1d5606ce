using System.Text.RegularExpressions;

namespace Ferry.Fixup.Guests.Linux.Text;

/// <summary>Edits the rules by which udev named adapters before systemd did.</summary>
public static partial class PersistentNetRules
{
    private const string Off = "# ferry: this adapter is not in the machine: ";

    /// <summary>Pins names to MAC addresses. A rule for the address that is there stays; one that gives the name to another address becomes a comment.</summary>
    /// <param name="text">The file's text; empty when it is new.</param>
    /// <param name="names">Names with the address as twelve digits.</param>
    public static TextEdit Edit(string text, IReadOnlyList<(string Name, string Mac)> names)
    {
        var changes = new List<string>();
        var lines = text.Split('\n').ToList();
        foreach (var (name, mac) in names)
        {
            var address = Address(mac);
            if (lines.Any(l => !l.TrimStart().StartsWith('#') && l.Contains(address, StringComparison.OrdinalIgnoreCase)))
            {
                continue;
            }

            for (var i = 0; i < lines.Count; i++)
            {
                if (Naming().Match(lines[i]) is { Success: true } m && m.Groups[1].Value == name)
                {
                    changes.Add("- " + lines[i]);
                    lines[i] = Off + lines[i];
                }
            }

            var rule = $"SUBSYSTEM==\"net\", ACTION==\"add\", ATTR{{address}}==\"{address}\", ATTR{{type}}==\"1\", NAME=\"{name}\"";
            lines.Insert(lines.Count - 1, rule);
            changes.Add("+ " + rule);
        }

        return new TextEdit(string.Join('\n', lines), changes, []);
    }

    /// <summary>An address as udev writes it.</summary>
    public static string Address(string mac) => string.Join(':', mac.Chunk(2).Select(pair => new string(pair))).ToLowerInvariant();

    [GeneratedRegex(@"^[ \t]*[^#\s].*\bNAME=""([^""]+)""", RegexOptions.CultureInvariant)]
    private static partial Regex Naming();
}
