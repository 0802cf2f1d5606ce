using System.Xml.Linq;
using Xunit;

namespace Ferry.Hives.Tests.Support;

/// <summary>Debian's hivex tools as an independent reader. They read dirty hives as they are.</summary>
internal static class HivexOracle
{
    /// <summary>Every key with its values, as hivexregedit exports them.</summary>
    public static async Task<SortedDictionary<string, string>> ExportAsync(byte[] hive)
    {
        Tool.Require("hivexregedit");
        using var folder = new TestFolder();
        await File.WriteAllBytesAsync(folder["hive"], hive, TestContext.Current.CancellationToken);
        return RegText.Of(await Tool.RunForBytesAsync("hivexregedit", "--export", folder["hive"], "\\"));
    }

    /// <summary>Every key's path, place in the file, and time, as hivexml says.</summary>
    public static async Task<List<string>> KeysAsync(byte[] hive)
    {
        Tool.Require("hivexml");
        using var folder = new TestFolder();
        await File.WriteAllBytesAsync(folder["hive"], hive, TestContext.Current.CancellationToken);
        var xml = XDocument.Parse(await Tool.RunAsync("hivexml", folder["hive"]));
        var keys = new List<string>();
        Add(xml.Root!.Element("node")!, "", keys);
        keys.Sort(StringComparer.Ordinal);
        return keys;
    }

    /// <summary>The same as Ferry reads it.</summary>
    public static List<string> KeysOf(Hive hive)
    {
        var keys = new List<string>();
        var open = new Stack<HiveKey>([hive.Root]);
        while (open.TryPop(out var key))
        {
            keys.Add($"\\{key.Path} {BaseBlock.Size + key.Offset} {key.LastWritten:yyyy-MM-ddTHH:mm:ssZ}");
            foreach (var child in key.Subkeys)
            {
                open.Push(child);
            }
        }

        keys.Sort(StringComparer.Ordinal);
        return keys;
    }

    /// <summary>Both tools read the hive as Ferry does.</summary>
    public static async Task AssertReadsTheSameAsync(Hive hive, byte[] bytes)
    {
        AssertEqual(await ExportAsync(bytes), RegText.Of(hive));
        Assert.Equal(await KeysAsync(bytes), KeysOf(hive));
    }

    /// <summary>Equality that names the first keys that differ.</summary>
    public static void AssertEqual(SortedDictionary<string, string> expected, SortedDictionary<string, string> actual)
    {
        Assert.Equal(expected.Keys.Except(actual.Keys).Take(5), []);
        Assert.Equal(actual.Keys.Except(expected.Keys).Take(5), []);
        Assert.All(expected.Where(x => actual[x.Key] != x.Value).Take(5), x => Assert.Equal($"{x.Key}\n{x.Value}", $"{x.Key}\n{actual[x.Key]}"));
    }

    private static void Add(XElement node, string path, List<string> keys)
    {
        var time = node.Element("mtime")?.Value ?? "";
        keys.Add($"{(path.Length == 0 ? "\\" : path)} {node.Element("byte_runs")!.Element("byte_run")!.Attribute("file_offset")!.Value} {time}");
        foreach (var child in node.Elements("node"))
        {
            Add(child, $"{path}\\{child.Attribute("name")!.Value}", keys);
        }
    }
}
