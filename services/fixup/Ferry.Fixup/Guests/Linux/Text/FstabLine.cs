using System.Text.RegularExpressions;

namespace Ferry.Fixup.Guests.Linux.Text;

/// <summary>One line of fstab: its fields, and its text so that only what changes is written.</summary>
public sealed partial record FstabLine(string Text, string Device, string MountPoint, string Type, IReadOnlyList<string> Options)
{
    /// <summary>Most lines that are read.</summary>
    public const int MaximumLines = 10_000;

    /// <summary>The entries of an fstab; comments and broken lines are left out.</summary>
    public static IEnumerable<FstabLine> Parse(string text) => text.Split('\n').Take(MaximumLines).Select(TryParse).OfType<FstabLine>();

    /// <summary>An entry, or null for a comment or anything else.</summary>
    public static FstabLine? TryParse(string line) =>
        Fields().Match(line) is { Success: true } m
            ? new FstabLine(line, Unescape(m.Groups[1].Value), Unescape(m.Groups[2].Value), m.Groups[3].Value, m.Groups[4].Value.Split(',', StringSplitOptions.RemoveEmptyEntries))
            : null;

    /// <summary>The line with another device, everything else as it was.</summary>
    public string WithDevice(string device)
    {
        var start = Text.Length - Text.TrimStart().Length;
        var length = Text[start..].IndexOfAny([' ', '\t']);
        return string.Concat(Text.AsSpan(0, start), device, Text.AsSpan(start + length));
    }

    private static string Unescape(string field) => field.Trim('"')
        .Replace("\\040", " ", StringComparison.Ordinal).Replace("\\011", "\t", StringComparison.Ordinal).Replace("\\134", "\\", StringComparison.Ordinal);

    [GeneratedRegex(@"^[ \t]*([^#\s]\S*)[ \t]+(\S+)[ \t]+(\S+)(?:[ \t]+(\S+))?", RegexOptions.CultureInvariant)]
    private static partial Regex Fields();
}
