using System.Text.RegularExpressions;

namespace Ferry.Fixup.Guests.Linux.Text;

/// <summary>Renames the whole disks in GRUB's <c>device.map</c> as the target's kernel names them. Comments, and disks by id, stay.</summary>
public static partial class DeviceMapEditor
{
    /// <summary>Edits the text.</summary>
    /// <param name="text">The map.</param>
    /// <param name="prefix">What the target calls disks: <c>sd</c> or <c>vd</c>.</param>
    public static TextEdit Edit(string text, string prefix)
    {
        var lines = text.Split('\n');
        return TextEdit.Compare(lines, [.. lines.Select(l => Disk().Replace(l, $"$1/dev/{prefix}$2"))], []);
    }

    [GeneratedRegex(@"^(\s*\(hd[0-9]{1,3}\)\s+)/dev/(?:sd|hd|vd|xvd)([a-z]{1,2})(?=\s*$)", RegexOptions.CultureInvariant)]
    private static partial Regex Disk();
}
