using System.CommandLine;
using System.CommandLine.Parsing;
using Ferry.DiskImages;

namespace Ferry.Cli.Image;

/// <summary>Arguments and options of the image commands.</summary>
internal static class ImageArguments
{
    /// <summary>QEMU's name of VHD.</summary>
    private const string VhdOfQemu = "vpc";

    public static Argument<string> Image(string name = "IMAGE", string? more = null) =>
        new(name) { Description = $"A disk image or its descriptor: a path, an http(s) URL, or ARCHIVE.ova!MEMBER{(more is null ? "" : $"; {more}")}." };

    public static Option<bool> Json() => new("--json") { Description = "Print one JSON document on standard output." };

    public static Option<DiskImageFormat?> Format(string name = "--format", string alias = "-f") => new(name, alias)
    {
        Description = "Format of the image: found by content; raw has to be said.",
        CustomParser = result => Parse(result),
    };

    public static Option<bool> ActiveState() => new("--active-state")
    {
        Description = "Read the active state of an image that holds internal snapshots (QCOW2), which is refused otherwise.",
    };

    /// <summary>How to open an image.</summary>
    public static DiskImageOpenOptions Opening(DiskImageFormat? format, bool activeState) => new() { Format = format, AllowInternalSnapshots = activeState };

    /// <summary>Exactly the names of the formats, whatever their case; no numbers.</summary>
    public static DiskImageFormat? Parse(ArgumentResult result)
    {
        var text = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
        if (text.Equals(VhdOfQemu, StringComparison.OrdinalIgnoreCase))
        {
            return DiskImageFormat.Vhd;
        }

        foreach (var format in Enum.GetValues<DiskImageFormat>())
        {
            if (format.ToString().Equals(text, StringComparison.OrdinalIgnoreCase))
            {
                return format;
            }
        }

        result.AddError($"\"{text}\" is no format; there are {string.Join(", ", Enum.GetNames<DiskImageFormat>()).ToLowerInvariant()}.");
        return null;
    }

    /// <summary>A size in bytes with an optional K, M or G; null when the text is none.</summary>
    public static int? TryParseSize(string text)
    {
        var shift = text.Length == 0 ? 0 : char.ToUpperInvariant(text[^1]) switch { 'K' => 10, 'M' => 20, 'G' => 30, _ => 0 };
        var digits = shift == 0 ? text : text[..^1];
        return long.TryParse(digits, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var value)
            && value > 0 && value <= int.MaxValue >> shift
            ? (int)(value << shift)
            : null;
    }
}
