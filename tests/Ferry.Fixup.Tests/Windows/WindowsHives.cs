using Ferry.Fixup.Planning;

namespace Ferry.Fixup.Tests.Windows;

/// <summary>Compares hives by hivexregedit.</summary>
internal static class WindowsHives
{
    /// <summary>Everything that no edit of the plan names is as it was. Gives the lines of the hive as it is now.</summary>
    public static async Task<SortedDictionary<string, string>> OnlyPlannedChangedAsync(byte[] old, byte[] now, FixupPlan plan)
    {
        var before = await WindowsDisk.ExportAsync(old, "\\");
        var after = await WindowsDisk.ExportAsync(now, "\\");
        var edited = plan.Rules.SelectMany(r => r.Registry).Select(r => "\\" + r.Key).ToHashSet(StringComparer.OrdinalIgnoreCase);
        bool IsPlanned(string line) => edited.Any(key => line.StartsWith(key, StringComparison.OrdinalIgnoreCase));
        Assert.Equal([], before.Keys.Where(k => !IsPlanned(k) && (!after.TryGetValue(k, out var value) || value != before[k])).Take(5));
        Assert.Equal([], after.Keys.Where(k => !IsPlanned(k) && !before.ContainsKey(k)).Take(5));
        return after;
    }
}
