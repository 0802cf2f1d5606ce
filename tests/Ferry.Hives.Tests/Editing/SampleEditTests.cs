using System.Text;
using Ferry.Hives.ControlSets;
using Ferry.Hives.Tests.Support;
using Xunit;

namespace Ferry.Hives.Tests.Editing;

/// <summary>What a fix-up does to real SYSTEM hives: the rest keeps its bytes, hivex reads the result, a second run changes nothing.</summary>
public sealed class SampleEditTests
{
    [Fact]
    public async Task Edit_Windows7_ChangesOnlyWhatItConcerns()
    {
        var bytes = await Samples.ReadAsync(Samples.System7);
        var hive = Hive.Open(bytes, new HiveOpenOptions { Name = "SYSTEM" });
        var untouched = Untouched(hive);
        FixUp(hive);
        Assert.Empty(HiveChecker.Check(hive).Problems);
        var saved = hive.Save();
        var again = Hive.Open(saved.Content);
        Assert.Equal(untouched, Untouched(again));
        FixUp(again);
        Assert.False(again.Save().IsChanged);
        Assert.Equal(HivexOracle.KeysOf(again), await HivexOracle.KeysAsync(saved.Content.ToArray()));
    }

    [Fact]
    public async Task Edit_Windows10AfterRecovery_ChangesOnlyWhatItConcerns()
    {
        HiveLog[] logs = [await Samples.LogAsync(Samples.Regipy + "SYSTEM_B.LOG1.xz"), await Samples.LogAsync(Samples.Regipy + "SYSTEM_B.LOG2.xz")];
        var hive = Hive.Open(await Samples.ReadAsync(Samples.System10), new HiveOpenOptions { Name = "SYSTEM", Logs = logs });
        var before = HiveChecker.Check(hive);
        var untouched = Untouched(hive);
        FixUp(hive);
        var check = HiveChecker.Check(hive);
        Assert.Equal((0, before.WarningCount, before.LostBytes), (check.ErrorCount, check.WarningCount, check.LostBytes));
        var saved = hive.Save();
        var again = Hive.Open(saved.Content);
        Assert.Null(again.Recovery);
        Assert.Equal(untouched, Untouched(again));
        FixUp(again);
        Assert.False(again.Save().IsChanged);
        Assert.DoesNotContain(again.Get("ControlSet001\\Services").Subkeys, x => x.Find("StartOverride") is not null);
    }

    [Fact]
    public async Task Edit_LikeHivexregedit_GivesTheSameKeysAndValues()
    {
        Tool.Require("hivexregedit");
        const string Prefix = "HKEY_LOCAL_MACHINE\\X";
        var bytes = await Samples.ReadAsync(Samples.Minimal);
        using var folder = new TestFolder();
        await File.WriteAllBytesAsync(folder["hive"], bytes, TestContext.Current.CancellationToken);
        var text = new StringBuilder("Windows Registry Editor Version 5.00\n");
        var hive = Hive.Open(bytes);
        foreach (var i in Enumerable.Range(0, 7))
        {
            text.Append($"\n[{Prefix}\\Area {i}]\n");
        }

        foreach (var i in Enumerable.Range(0, 600))
        {
            var path = $"Area {i % 7}\\Key{i}";
            text.Append($"\n[{Prefix}\\{path}]\n\"n\"=dword:{i:x8}\n\"s\"=str(1):\"text {i}\"\n@=hex(3):{i % 256:x2},01\n");
            var key = hive.Root.Create(path);
            key.SetDWord("n", (uint)i);
            key.SetString("s", $"text {i}");
            key.SetBinary("", [(byte)i, 1]);
        }

        foreach (var i in Enumerable.Range(0, 600).Where(i => i % 3 == 0))
        {
            text.Append($"\n[-{Prefix}\\Area {i % 7}\\Key{i}]\n");
            hive.Root.Delete($"area {i % 7}\\key{i}");
        }

        await File.WriteAllTextAsync(folder["edits.reg"], text.ToString(), TestContext.Current.CancellationToken);
        await Tool.RunAsync("hivexregedit", "--merge", "--prefix", Prefix, folder["hive"], folder["edits.reg"]);
        var expected = await HivexOracle.ExportAsync(await File.ReadAllBytesAsync(folder["hive"], TestContext.Current.CancellationToken));
        HivexOracle.AssertEqual(expected, RegText.Of(hive));
        HivexOracle.AssertEqual(expected, await HivexOracle.ExportAsync(Checks.SaveAndReopen(hive)));
    }

    /// <summary>Guests that virt-v2v converted before have hives that hivex wrote.</summary>
    [Theory]
    [InlineData("windows-bcd.reg", "")]
    [InlineData("windows-system.reg", "HKEY_LOCAL_MACHINE\\SYSTEM")]
    public async Task Edit_HiveThatHivexWrote_IsReadByHivexAgain(string name, string prefix)
    {
        Tool.Require("hivexregedit");
        using var folder = new TestFolder();
        await File.WriteAllBytesAsync(folder["hive"], await Samples.ReadAsync(Samples.Minimal), TestContext.Current.CancellationToken);
        var text = Encoding.UTF8.GetString(await Samples.ReadAsync(Path.Combine(Path.GetDirectoryName(Samples.Minimal)!, name)));
        await File.WriteAllTextAsync(folder["reg"], text, TestContext.Current.CancellationToken);
        await Tool.RunAsync("hivexregedit", prefix.Length == 0 ? ["--merge", folder["hive"], folder["reg"]] : ["--merge", "--prefix", prefix, folder["hive"], folder["reg"]]);
        var bytes = await File.ReadAllBytesAsync(folder["hive"], TestContext.Current.CancellationToken);
        var hive = Hive.Open(bytes);
        await HivexOracle.AssertReadsTheSameAsync(hive, bytes);
        Assert.Equal(0, HiveChecker.Check(hive).ErrorCount);
        var first = hive.Root.Subkeys[0];
        first.Create("added\\by ferry").SetBinary("v", new byte[30_000]);
        Assert.True(hive.Root.Delete(hive.Root.Subkeys[^1].Name));
        var saved = hive.Save().Content.ToArray();
        Assert.Equal(0, HiveChecker.Check(Hive.Open(saved)).ErrorCount);
        await HivexOracle.AssertReadsTheSameAsync(hive, saved);
    }

    [Fact]
    public async Task ControlSets_OfRealHives()
    {
        var hive = Hive.Open(await Samples.ReadAsync(Samples.System7));
        var sets = ControlSetList.Of(hive);
        Assert.Equal("ControlSet001", sets.Current.Name);
        Assert.Equal("WKS-WIN732BITA", sets.Current.Find("control\\COMPUTERNAME\\computername")!.Value("computername")!.GetString());
        Assert.Equal(467, sets.Current.Find("Services")!.Subkeys.Count);
        Assert.Equal((0u, "system32\\DRIVERS\\disk.sys"), (sets.Current.Find("services\\disk")!.Value("start")!.GetDWord(), sets.Current.Find("services\\disk")!.Value("ImagePath")!.GetString()));
        Assert.Equal("Eastern Standard Time", sets.Current.Find("Control\\TimeZoneInformation")!.Value("TimeZoneKeyName")!.GetString());
        Assert.Equal(HiveErrors.Missing, Assert.Throws<HiveException>(() => ControlSetList.Of(Hive.Create())).Code);
    }

    private static void FixUp(Hive hive)
    {
        foreach (var set in ControlSetList.Of(hive).All)
        {
            foreach (var service in set.Find("Services")!.Subkeys)
            {
                service.Delete("StartOverride");
            }

            foreach (var name in new[] { "vmbus", "storvsc", "storflt", "intelide", "pciide", "atapi" })
            {
                set.Find($"Services\\{name}")?.SetDWord("Start", 0);
            }

            var added = set.Create("Services\\viostor");
            added.SetDWord("Type", 1);
            added.SetExpandString("ImagePath", "system32\\drivers\\viostor.sys");
            added.SetBinary("Large", new byte[40_000]);
        }
    }

    /// <summary>Everything beside the services.</summary>
    private static Dictionary<string, string> Untouched(Hive hive)
    {
        var all = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var key in hive.Root.Subkeys.Concat(ControlSetList.Of(hive).All.SelectMany(x => x.Subkeys)).Where(x => !x.Name.StartsWith("ControlSet", StringComparison.OrdinalIgnoreCase)))
        {
            if (!key.Name.Equals("Services", StringComparison.OrdinalIgnoreCase))
            {
                foreach (var (path, cells) in Checks.CellsOf(key, hive))
                {
                    all[path] = cells;
                }
            }
        }

        return all;
    }
}
