using System.Globalization;
using System.Text;

namespace Ferry.Hives.Tests.Support;

/// <summary>A hive as hivexregedit exports it, in a fixed order.</summary>
internal static class RegText
{
    /// <summary>What Ferry reads: a block of lines for each key.</summary>
    public static SortedDictionary<string, string> Of(Hive hive)
    {
        var blocks = new SortedDictionary<string, string>(StringComparer.Ordinal);
        Add(hive.Root, "", blocks);
        return blocks;
    }

    /// <summary>What hivexregedit exports.</summary>
    public static SortedDictionary<string, string> Of(byte[] export)
    {
        var blocks = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var block in Decode(export).Split("\n\n[")[1..].Select(x => x + "\n"))
        {
            var end = block.IndexOf("]\n", StringComparison.Ordinal);
            var path = block[..end];
            var lines = block[(end + 2)..].Split('\n', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal);

            // A key that is there twice in an export is one that a damaged list holds twice.
            blocks[path] = string.Join('\n', lines);
        }

        return blocks;
    }

    private static void Add(HiveKey key, string path, SortedDictionary<string, string> blocks)
    {
        blocks[path.Length == 0 ? "\\" : path] = string.Join('\n', key.Values.DistinctBy(x => x.Name).Select(Line).Order(StringComparer.Ordinal));
        foreach (var child in key.Subkeys)
        {
            Add(child, $"{path}\\{child.Name}", blocks);
        }
    }

    private static string Line(HiveValue value)
    {
        var name = value.Name.Length == 0 ? "@" : $"\"{value.Name.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
        var data = value.GetData();
        return value.Type == HiveValueType.DWord && data.Length == 4
            ? $"{name}=dword:{value.GetDWord():x8}"
            : string.Create(CultureInfo.InvariantCulture, $"{name}=hex({(uint)value.Type:x}):{string.Join(',', data.Select(x => x.ToString("x2", CultureInfo.InvariantCulture)))}");
    }

    /// <summary>Perl writes a line as Latin-1 where it can, else as UTF-8.</summary>
    private static string Decode(byte[] bytes)
    {
        var strict = new UTF8Encoding(false, true);
        var text = new StringBuilder();
        foreach (var line in Encoding.Latin1.GetString(bytes).Split('\n'))
        {
            var raw = Encoding.Latin1.GetBytes(line);
            try
            {
                text.Append(strict.GetString(raw));
            }
            catch (DecoderFallbackException)
            {
                text.Append(line);
            }

            text.Append('\n');
        }

        return text.ToString();
    }
}
