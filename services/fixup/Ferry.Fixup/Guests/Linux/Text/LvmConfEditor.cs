using System.Text.RegularExpressions;

namespace Ferry.Fixup.Guests.Linux.Text;

/// <summary>Edits <c>lvm.conf</c>: filters that let only named devices through let all through. Every other byte stays.</summary>
public static partial class LvmConfEditor
{
    private const string Everything = "[ \"a|.*|\" ]";

    /// <summary>Widens filters that accept devices by names which another platform gives differently. Filters that only reject stay.</summary>
    public static TextEdit WidenFilters(string text)
    {
        var changes = new List<string>();
        var edited = Filter().Replace(text, m =>
        {
            if (!String().Matches(m.Groups[2].Value).Any(s => AcceptsByName().IsMatch(s.Groups[1].Value)))
            {
                return m.Value;
            }

            changes.Add($"- {m.Value.Trim()}\n+ {m.Groups[1].Value.Trim()} {Everything}");
            return m.Groups[1].Value + Everything;
        });
        return new TextEdit(edited, changes, []);
    }

    /// <summary>Switches the list of devices off, for an initial RAM disk from which the list cannot be taken out.</summary>
    public static TextEdit WithoutDevicesFile(string text)
    {
        const string off = "use_devicesfile = 0";
        if (UseDevicesFile().Match(text) is { Success: true } m)
        {
            return m.Groups[2].Value == "0" ? new TextEdit(text, [], []) : new TextEdit(UseDevicesFile().Replace(text, "${1}0"), [off], []);
        }

        var section = Devices().Match(text);
        var edited = section.Success ? text.Insert(section.Index + section.Length, $"\n\t{off}") : $"{text}{(text.Length == 0 || text.EndsWith('\n') ? "" : "\n")}devices {{\n\t{off}\n}}\n";
        return new TextEdit(edited, [off], []);
    }

    [GeneratedRegex(@"^([ \t]*(?:global_)?filter[ \t]*=[ \t]*)(\[(?:[\s,]|""(?:[^""\\\n]|\\.)*"")*\])", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex Filter();

    [GeneratedRegex(@"""((?:[^""\\]|\\.)*)""", RegexOptions.CultureInvariant)]
    private static partial Regex String();

    [GeneratedRegex(@"^a.*(?:\b(?:sd|hd|vd|xvd)(?:[a-z]|\[|\.|\*)|nvme|by-(?:id|path))", RegexOptions.CultureInvariant)]
    private static partial Regex AcceptsByName();

    [GeneratedRegex(@"^([ \t]*use_devicesfile[ \t]*=[ \t]*)([0-9])", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex UseDevicesFile();

    [GeneratedRegex(@"^[ \t]*devices[ \t]*\{", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex Devices();
}
