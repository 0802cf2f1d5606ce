using System.Text.RegularExpressions;
using Ferry.Fixup.Guests.Linux.Initrd;

namespace Ferry.Fixup.Guests.Linux.Text;

/// <summary>Lets modules load that a configuration of modprobe, or a kernel command line, keeps from loading.</summary>
public static partial class ModuleBlocklistEditor
{
    private const string Off = "# ferry: needed on this platform: ";

    /// <summary>Edits a file of <c>modprobe.d</c>: lines that block one of the modules become comments.</summary>
    public static TextEdit Configuration(string text, IReadOnlySet<string> modules)
    {
        var lines = text.Split('\n');
        return TextEdit.Compare(lines, [.. lines.Select(l => Block().Match(l) is { Success: true } m && modules.Contains(KernelModules.NameOf(m.Groups[1].Value)) ? Off + l : l)], []);
    }

    /// <summary>Edits a kernel command line: the modules are taken out of lists of blocked ones; an empty list goes.</summary>
    public static string CommandLine(string text, IReadOnlySet<string> modules) => CommandLineWords.Edit(text, word =>
    {
        if (List().Match(word) is not { Success: true } m)
        {
            return word;
        }

        var names = m.Groups[2].Value.Split(',');
        var left = names.Where(n => !modules.Contains(KernelModules.NameOf(n))).ToArray();
        return left.Length == names.Length ? word : left.Length == 0 ? null : m.Groups[1].Value + string.Join(',', left);
    });

    [GeneratedRegex(@"^[ \t]*(?:blacklist[ \t]+([A-Za-z0-9_-]+)[ \t\r]*(?:#.*)?$|install[ \t]+(?<1>[A-Za-z0-9_-]+)[ \t]+(?:(?:/usr)?/s?bin/(?:true|false|echo)\b|true\b|false\b|:|/dev/null))", RegexOptions.CultureInvariant)]
    private static partial Regex Block();

    [GeneratedRegex(@"^((?:modprobe\.blacklist|module_blacklist|rd\.driver\.blacklist|rdblacklist)=)([A-Za-z0-9_,-]+)$", RegexOptions.CultureInvariant)]
    private static partial Regex List();
}
