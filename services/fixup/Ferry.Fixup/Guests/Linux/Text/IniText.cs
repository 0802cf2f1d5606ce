namespace Ferry.Fixup.Guests.Linux.Text;

/// <summary>Reads files of sections with <c>key=value</c> lines: NetworkManager's keyfiles, systemd's units and networks.</summary>
public static class IniText
{
    private const int MaximumLines = 20_000;

    /// <summary>Section, key and value of each line, in order; what is none is left out.</summary>
    public static IEnumerable<(string Section, string Key, string Value)> Read(string text)
    {
        var section = "";
        foreach (var line in text.Split('\n').Take(MaximumLines).Select(l => l.Trim()).Where(l => l.Length > 0 && l[0] is not '#' and not ';'))
        {
            var equals = line.IndexOf('=', StringComparison.Ordinal);
            if (line[0] == '[' && line[^1] == ']')
            {
                section = line[1..^1];
            }
            else if (equals > 0)
            {
                yield return (section, line[..equals].TrimEnd(), line[(equals + 1)..].TrimStart());
            }
        }
    }

    /// <summary>Last value of a key in one of some sections, or null.</summary>
    public static string? Value(string text, string key, params string[] sections) =>
        Read(text).LastOrDefault(l => l.Key == key && sections.Contains(l.Section)).Value;
}
