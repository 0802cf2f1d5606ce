using System.Text;

namespace Ferry.Capture.Sources;

/// <summary>Text from a descriptor, made fit to be shown and to be a name.</summary>
internal static class SourceText
{
    private const int LongestName = 100;
    private const int LongestQuote = 200;

    /// <summary>A machine's name: no control character or lone surrogate, one line, at most 100 characters; the fallback when nothing is left.</summary>
    public static string Name(string? text, string fallback)
    {
        var name = Clean(text ?? "", LongestName).Trim();
        return name.Length > 0 ? name : Clean(fallback, LongestName).Trim() is { Length: > 0 } other ? other : "machine";
    }

    /// <summary>A value to quote in a message.</summary>
    public static string Quote(string? text) => Clean(text ?? "", LongestQuote);

    /// <summary>An optional value in one line, null when empty.</summary>
    public static string? Optional(string? text) => Clean(text ?? "", LongestQuote).Trim() is { Length: > 0 } value ? value : null;

    /// <summary>The file name without its extension, for machines that have no name.</summary>
    public static string BaseName(string file)
    {
        var dot = file.LastIndexOf('.');
        return dot > 0 ? file[..dot] : file;
    }

    private static string Clean(string text, int longest)
    {
        var result = new StringBuilder(Math.Min(text.Length, longest));
        foreach (var rune in text.EnumerateRunes())
        {
            if (result.Length + rune.Utf16SequenceLength > longest)
            {
                break;
            }

            var category = Rune.GetUnicodeCategory(rune);
            var shown = category is System.Globalization.UnicodeCategory.Control or System.Globalization.UnicodeCategory.Format
                or System.Globalization.UnicodeCategory.LineSeparator or System.Globalization.UnicodeCategory.ParagraphSeparator;
            result.Append(shown ? " " : rune.ToString());
        }

        return result.ToString();
    }
}
