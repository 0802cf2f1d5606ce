using System.Text.RegularExpressions;
using Ferry.Contracts;
using Ferry.Fixup.Inspection;

namespace Ferry.Fixup.Guests.Linux.Text;

/// <summary>Replaces kernel device names in crypttab by UUIDs. Every other byte stays.</summary>
public static partial class CrypttabEditor
{
    private const string File = "/etc/crypttab";

    /// <summary>Edits the text.</summary>
    public static TextEdit Edit(string text, DeviceNames devices)
    {
        var findings = new List<Finding>();
        var lines = text.Split('\n');
        return TextEdit.Compare(lines, [.. lines.Select(l => EditLine(l, devices, findings))], findings);
    }

    private static string EditLine(string line, DeviceNames devices, List<Finding> findings)
    {
        if (Entry().Match(line) is not { Success: true } m || !DeviceNames.IsKernelName(m.Groups[2].Value))
        {
            return line;
        }

        // A mapping with a random key (swap) has no UUID of its own, and its device must not be guessed: it is overwritten at every start.
        if (devices.Resolve(m.Groups[2].Value) is { Type: "crypto_LUKS", Uuid.Length: > 0 } found)
        {
            return m.Groups[1].Value + "UUID=" + found.Uuid + m.Groups[3].Value;
        }

        findings.Add(GuestFindings.DeviceUnresolved(FindingSeverity.Warning, File, m.Groups[2].Value, "which is no LUKS volume on the disks"));
        return line;
    }

    [GeneratedRegex(@"^(\s*[^#\s]\S*[ \t]+)(\S+)(.*)$", RegexOptions.CultureInvariant)]
    private static partial Regex Entry();
}
