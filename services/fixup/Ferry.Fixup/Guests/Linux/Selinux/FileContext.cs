using System.Text;
using System.Text.RegularExpressions;
using Ferry.Fixup.Volumes;

namespace Ferry.Fixup.Guests.Linux.Selinux;

/// <summary>One line of <c>file_contexts</c>: a pattern of paths, a kind of entry, a label.</summary>
internal sealed class FileContext
{
    private const string Meta = ".^$?*+|[({";
    private readonly string pattern;
    private readonly string prefix;
    private readonly GuestEntryKind? kind;
    private Regex? regex;
    private bool isUnusable;

    private FileContext(string pattern, GuestEntryKind? kind, string? label)
    {
        this.pattern = pattern;
        this.kind = kind;
        Label = label;
        (prefix, IsExact) = LiteralOf(pattern);
    }

    /// <summary>The label; null where the policy says that there is none.</summary>
    public string? Label { get; }

    /// <summary>Whether the pattern is one path.</summary>
    public bool IsExact { get; }

    /// <summary>Reads a line; null for an empty line, a comment, or one of an unknown form.</summary>
    public static FileContext? Parse(string line)
    {
        var words = line.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
        if (words.Length is not (2 or 3) || words[0][0] == '#')
        {
            return null;
        }

        GuestEntryKind? kind = null;
        if (words.Length == 3)
        {
            kind = words[1] switch { "--" => GuestEntryKind.File, "-d" => GuestEntryKind.Directory, "-l" => GuestEntryKind.Symlink, _ => GuestEntryKind.Special };
        }

        return new FileContext(words[0], kind, words[^1] == "<<none>>" ? null : words[^1]);
    }

    /// <summary>Whether the line is about an entry. The pattern comes from the guest: it is matched in time linear in the path, and one that cannot be is passed over.</summary>
    public bool Matches(string path, GuestEntryKind entry)
    {
        if ((kind is { } wanted && wanted != entry) || !path.StartsWith(prefix, StringComparison.Ordinal))
        {
            return false;
        }

        if (IsExact || isUnusable)
        {
            return IsExact && path.Length == prefix.Length;
        }

        try
        {
            regex ??= new Regex($@"\A(?:{pattern})\z", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
            return regex.IsMatch(path);
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            isUnusable = true;
            return false;
        }
    }

    /// <summary>What every path that matches begins with, and whether that is all of it.</summary>
    private static (string Prefix, bool IsAll) LiteralOf(string pattern)
    {
        if (HasAlternatives(pattern))
        {
            return ("", false);
        }

        var literal = new StringBuilder();
        for (var i = 0; i < pattern.Length; i++)
        {
            var isEscape = pattern[i] == '\\' && i + 1 < pattern.Length;
            if (isEscape && char.IsAsciiLetterOrDigit(pattern[i + 1]))
            {
                return (literal.ToString(), false);
            }

            if (!isEscape && Meta.Contains(pattern[i], StringComparison.Ordinal))
            {
                var isOptional = pattern[i] is '?' or '*' or '{' && literal.Length > 0;
                return (isOptional ? literal.ToString(0, literal.Length - 1) : literal.ToString(), false);
            }

            literal.Append(pattern[isEscape ? ++i : i]);
        }

        return (literal.ToString(), true);
    }

    private static bool HasAlternatives(string pattern)
    {
        var depth = 0;
        for (var i = 0; i < pattern.Length; i++)
        {
            switch (pattern[i])
            {
                case '\\':
                    i++;
                    break;
                case '(':
                    depth++;
                    break;
                case ')':
                    depth--;
                    break;
                case '|' when depth <= 0:
                    return true;
            }
        }

        return false;
    }
}
