using System.Text.RegularExpressions;

namespace Ferry.Fixup.Guests.Linux.Text;

/// <summary>Edits the settings that GRUB 2's configuration is generated from.</summary>
public static partial class GrubEditor
{
    /// <summary>Takes out the setting that would bring device names back.</summary>
    public static TextEdit KeepUuids(string text)
    {
        var lines = text.Split('\n');
        return TextEdit.Compare(lines, [.. lines.Select(l => DisableUuid().IsMatch(l) ? "#" + l : l)], []);
    }

    [GeneratedRegex(@"^\s*(?:export\s+)?GRUB_DISABLE_LINUX_(?:UUID|PARTUUID)=[""']?true[""']?\s*(?:#.*)?$", RegexOptions.CultureInvariant)]
    private static partial Regex DisableUuid();
}
