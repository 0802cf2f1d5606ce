using System.Text.RegularExpressions;
using Ferry.Contracts;
using Ferry.Fixup.Inspection;

namespace Ferry.Fixup.Guests.Linux.Text;

/// <summary>Edits GRUB 2's generated configuration and the settings it is generated from, so that both agree.</summary>
public static partial class GrubEditor
{
    /// <summary>Edits <c>grub.cfg</c>: the commands that load a kernel, nothing else.</summary>
    public static TextEdit EditConfiguration(string text, string file, DeviceNames devices)
    {
        var findings = new List<Finding>();
        var lines = text.Split('\n');
        return TextEdit.Compare(lines, [.. lines.Select(l => LinuxCommand().IsMatch(l) ? KernelCommandLine.Edit(l, file, devices, findings) : l)], findings);
    }

    /// <summary>Edits <c>/etc/default/grub</c>: command lines, and the setting that would bring device names back.</summary>
    public static TextEdit EditDefaults(string text, string file, DeviceNames devices)
    {
        var findings = new List<Finding>();
        var lines = text.Split('\n');
        return TextEdit.Compare(lines, [.. lines.Select(l => EditDefault(l, file, devices, findings))], findings);
    }

    private static string EditDefault(string line, string file, DeviceNames devices, List<Finding> findings)
    {
        if (DisableUuid().IsMatch(line))
        {
            return "#" + line;
        }

        // Inside the assignment's quotes stands a command line of its own.
        return CommandLineSetting().Match(line) is { Success: true } m
            ? m.Groups[1].Value + KernelCommandLine.Edit(m.Groups[2].Value, file, devices, findings) + m.Groups[3].Value
            : line;
    }

    [GeneratedRegex(@"^\s*linux(?:16|efi)?\s", RegexOptions.CultureInvariant)]
    private static partial Regex LinuxCommand();

    [GeneratedRegex(@"^\s*(?:export\s+)?GRUB_DISABLE_LINUX_(?:UUID|PARTUUID)=[""']?true[""']?\s*(?:#.*)?$", RegexOptions.CultureInvariant)]
    private static partial Regex DisableUuid();

    [GeneratedRegex(@"^(\s*(?:export\s+)?GRUB_CMDLINE_LINUX(?:_DEFAULT|_RECOVERY)?=[""']?)(.*?)([""']?\s*)$", RegexOptions.CultureInvariant)]
    private static partial Regex CommandLineSetting();
}
