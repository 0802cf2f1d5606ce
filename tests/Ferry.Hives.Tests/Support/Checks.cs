using Xunit;

namespace Ferry.Hives.Tests.Support;

/// <summary>What must be so after every edit.</summary>
internal static class Checks
{
    /// <summary>The hive is consistent and tidy, and what is saved reads back as it is in memory.</summary>
    public static byte[] SaveAndReopen(Hive hive)
    {
        var check = HiveChecker.Check(hive);
        Assert.Empty(check.Problems);
        var saved = hive.Save();
        var bytes = saved.Content.ToArray();
        var again = Hive.Open(bytes);
        Assert.Null(again.Recovery);
        Assert.Equivalent(check, HiveChecker.Check(again), strict: true);
        Assert.Equal(RegText.Of(hive), RegText.Of(again));
        Assert.False(again.Save().IsChanged);
        return bytes;
    }

    /// <summary>The bytes of all cells of a key's tree, by path, with their places: what an edit elsewhere may not touch.</summary>
    public static Dictionary<string, string> CellsOf(HiveKey key, Hive hive)
    {
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        Add(key, hive, found);
        return found;
    }

    private static void Add(HiveKey key, Hive hive, Dictionary<string, string> found)
    {
        var values = key.Values.Select(x => $"{x.Offset}={Convert.ToHexString(hive.Cells.Cell(x.Offset))}={Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(x.GetData()))}");
        var lists = hive.Keys.Leaves(key.Offset).Select(x => $"{x}={Convert.ToHexString(hive.Cells.Cell(x))}");
        found[key.Path] = $"{key.Offset}={Convert.ToHexString(hive.Cells.Cell(key.Offset))} {string.Join(' ', values)} {string.Join(' ', lists)}";
        foreach (var child in key.Subkeys)
        {
            Add(child, hive, found);
        }
    }
}
