using System.Text.RegularExpressions;
using Ferry.Contracts;
using Ferry.Fixup.Inspection;

namespace Ferry.Fixup.Guests.Linux.Text;

/// <summary>Edits initramfs-tools' <c>RESUME=</c> setting.</summary>
public static partial class ResumeEditor
{
    /// <summary>Edits the text.</summary>
    public static TextEdit Edit(string text, string file, DeviceNames devices)
    {
        var findings = new List<Finding>();
        var lines = text.Split('\n');
        return TextEdit.Compare(lines, [.. lines.Select(l => EditLine(l, file, devices, findings))], findings);
    }

    private static string EditLine(string line, string file, DeviceNames devices, List<Finding> findings)
    {
        if (Setting().Match(line) is not { Success: true } m || !DeviceNames.IsKernelName(m.Groups[2].Value))
        {
            return line;
        }

        if (devices.Resolve(m.Groups[2].Value) is { Type: "swap", Uuid.Length: > 0 } swap)
        {
            return m.Groups[1].Value + "UUID=" + swap.Uuid + m.Groups[3].Value;
        }

        findings.Add(GuestFindings.DeviceUnresolved(FindingSeverity.Warning, file, m.Groups[2].Value, "which is no swap area on the disks"));
        return line;
    }

    [GeneratedRegex(@"^(\s*RESUME=[""']?)([^""'\s#]+)(.*)$", RegexOptions.CultureInvariant)]
    private static partial Regex Setting();
}
