using System.Text;
using System.Xml;

namespace Ferry.Conversion.Targets.Kvm;

/// <summary>Text from outside as libvirt takes it. XML cannot hold every character, and libvirt takes neither slashes nor line ends in a name.</summary>
internal static class LibvirtText
{
    // The name becomes part of file names on the host.
    private const int LongestName = 64;

    /// <summary>A domain's name: never empty, no slash, nothing that XML or a terminal cannot hold.</summary>
    public static string Name(string text)
    {
        var name = new StringBuilder();
        foreach (var rune in Line(text).EnumerateRunes())
        {
            if (name.Length + rune.Utf16SequenceLength > LongestName)
            {
                break;
            }

            name.Append(rune.Value is '/' or '\\' ? "_" : rune.ToString());
        }

        var result = name.ToString().Trim(' ', '.', '-');
        return result.Length == 0 ? "machine" : result;
    }

    /// <summary>One line: characters that XML cannot hold, and control characters, become underscores.</summary>
    public static string Line(string text)
    {
        var line = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
        {
            line.Append(Rune.IsControl(rune) || rune == Rune.ReplacementChar || rune.Value is 0x2028 or 0x2029 || !IsXml(rune) ? "_" : rune.ToString());
        }

        return line.ToString().Trim();
    }

    /// <summary>A path, which must stay what it is.</summary>
    /// <exception cref="TargetException">XML cannot hold it.</exception>
    public static string Path(string path) => path.EnumerateRunes().All(rune => !Rune.IsControl(rune) && rune != Rune.ReplacementChar && IsXml(rune))
        ? path
        : throw TargetException.Of(TargetErrors.LimitExceeded, "libvirt's XML cannot hold the path of the output folder: it has control characters.", "Choose another output folder.");

    private static bool IsXml(Rune rune) => rune.IsBmp ? XmlConvert.IsXmlChar((char)rune.Value) : true;
}
