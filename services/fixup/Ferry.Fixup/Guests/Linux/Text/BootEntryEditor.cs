using System.Text.RegularExpressions;

namespace Ferry.Fixup.Guests.Linux.Text;

/// <summary>Finds the kernel command lines in the boot loaders' files, and gives each to an editor. Every other byte stays.</summary>
public static partial class BootEntryEditor
{
    /// <summary>In an entry after the Boot Loader Specification: its <c>options</c> lines.</summary>
    public static TextEdit Entry(string text, Func<string, string> edit) => Lines(text, Options(), edit);

    /// <summary>In a menu of GRUB 1: the <c>kernel</c> commands.</summary>
    public static TextEdit Menu(string text, Func<string, string> edit) => Lines(text, Kernel(), edit);

    /// <summary>In a configuration of GRUB 2: the commands that load a kernel, and the variable that entries take their options from.</summary>
    public static TextEdit Configuration(string text, Func<string, string> edit) => Lines(text, Linux(), edit);

    /// <summary>In <c>/etc/default/grub</c>: the command lines, inside the assignments' quotes.</summary>
    public static TextEdit Defaults(string text, Func<string, string> edit) => Lines(text, Setting(), edit);

    /// <summary>In <c>/etc/default/grub</c>: the command line of every entry, not those of some.</summary>
    public static TextEdit MainDefault(string text, Func<string, string> edit) => Lines(text, MainSetting(), edit);

    /// <summary>In GRUB's environment block: <c>kernelopts</c>.</summary>
    public static TextEdit Environment(string block, Func<string, string> edit) =>
        GrubEnvironment.Edit(block, line => line.StartsWith("kernelopts=", StringComparison.Ordinal) ? "kernelopts=" + edit(line["kernelopts=".Length..]) : line);

    /// <summary>In <c>/etc/kernel/cmdline</c>: the whole line.</summary>
    public static TextEdit Plain(string text, Func<string, string> edit) => Lines(text, Whole(), edit);

    private static TextEdit Lines(string text, Regex pattern, Func<string, string> edit)
    {
        var lines = text.Split('\n');
        return TextEdit.Compare(lines, [.. lines.Select(l => pattern.Match(l) is { Success: true } m ? m.Groups[1].Value + edit(m.Groups[2].Value) + m.Groups[3].Value : l)], []);
    }

    [GeneratedRegex(@"^(options[ \t]+)(.*?)(\s*)$", RegexOptions.CultureInvariant)]
    private static partial Regex Options();

    [GeneratedRegex(@"^(\s*kernel[ \t]+)(\S.*?)(\s*)$", RegexOptions.CultureInvariant)]
    private static partial Regex Kernel();

    [GeneratedRegex(@"^(\s*(?:linux(?:16|efi)?[ \t]+|set[ \t]+(?:default_)?kernelopts=[""']?))(.*?)([""']?\s*)$", RegexOptions.CultureInvariant)]
    private static partial Regex Linux();

    [GeneratedRegex(@"^(\s*(?:export\s+)?GRUB_CMDLINE_LINUX(?:_DEFAULT|_RECOVERY)?=[""']?)(.*?)([""']?\s*)$", RegexOptions.CultureInvariant)]
    private static partial Regex Setting();

    [GeneratedRegex(@"^(\s*(?:export\s+)?GRUB_CMDLINE_LINUX=[""']?)(.*?)([""']?\s*)$", RegexOptions.CultureInvariant)]
    private static partial Regex MainSetting();

    [GeneratedRegex(@"^()([^#].*?)(\s*)$", RegexOptions.CultureInvariant)]
    private static partial Regex Whole();
}
