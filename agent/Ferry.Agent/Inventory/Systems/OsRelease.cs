using System.Buffers;
using System.Text;

namespace Ferry.Agent.Inventory.Systems;

/// <summary>Reads os-release(5): lines of <c>NAME=value</c>, the value quoted as in a shell.</summary>
internal static class OsRelease
{
    private static readonly SearchValues<char> NameCharacters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_");

    /// <summary>The values; of a name that is there twice the last, as a shell takes it. What is no assignment is passed over.</summary>
    public static IReadOnlyDictionary<string, string> Parse(string text)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in text.Split('\n', StringSplitOptions.TrimEntries))
        {
            var equals = line.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0 && line.AsSpan(0, equals).IndexOfAnyExcept(NameCharacters) < 0)
            {
                values[line[..equals]] = Unquote(line.AsSpan(equals + 1));
            }
        }

        return values;
    }

    private static string Unquote(ReadOnlySpan<char> value)
    {
        if (value.Length < 2 || value[0] is not ('"' or '\'') || value[^1] != value[0])
        {
            return value.ToString();
        }

        var quote = value[0];
        var inner = value[1..^1];
        var plain = new StringBuilder(inner.Length);
        for (var i = 0; i < inner.Length; i++)
        {
            if (quote == '"' && inner[i] == '\\' && i + 1 < inner.Length && inner[i + 1] is ('"' or '\\' or '$' or '`'))
            {
                i++;
            }

            plain.Append(inner[i]);
        }

        return plain.ToString();
    }
}
