using Ferry.Hives.Tests.Support;
using Xunit;

namespace Ferry.Hives.Tests.Logs;

/// <summary>Logs of real machines, and what Windows itself made of them.</summary>
public sealed class SampleLogsTests
{
    private const string New = Samples.Yarp + "NewDirtyHive1/";
    private const string Old = Samples.Yarp + "OldDirtyHive/";

    [Fact]
    public async Task Open_NewLogs_GivesTheBytesThatWindows10Gave()
    {
        var hive = await OpenAsync(New + "NewDirtyHive.gz", New + "NewDirtyHive.LOG1", New + "NewDirtyHive.LOG2");
        Assert.Equal(["NewDirtyHive.LOG1", "NewDirtyHive.LOG2"], hive.Recovery!.Logs);
        Assert.Equal(4, hive.Recovery.Entries);
        var expected = await Samples.ReadAsync(New + "RecoveredHive_Windows10.gz");
        var saved = hive.Save();
        Assert.Equal(expected[4096..], saved.Content[4096..].ToArray());
        Assert.Equal(["NewDirtyHive.LOG1", "NewDirtyHive.LOG2"], saved.FilesToEmpty);
        Assert.Null(hive.Find("Key1"));
        Assert.NotNull(hive.Find("Key3\\Key3_3"));
        Assert.Equal(1440, hive.Get("Key3").Value("")!.GetString().Length);
    }

    [Fact]
    public async Task Open_NewLogsInTheOtherOrder_GivesTheSame()
    {
        var hive = await OpenAsync(New + "NewDirtyHive.gz", New + "NewDirtyHive.LOG2", New + "NewDirtyHive.LOG1");
        Assert.Equal((await Samples.ReadAsync(New + "RecoveredHive_Windows10.gz"))[4096..], hive.Save().Content[4096..].ToArray());
    }

    [Fact]
    public async Task Open_OldLog_GivesWhatWindows7Gave()
    {
        var hive = await OpenAsync(Old + "OldDirtyHive.gz", Old + "OldDirtyHive.LOG1", Old + "OldDirtyHive.LOG2");
        Assert.Equal(["OldDirtyHive.LOG1"], hive.Recovery!.Logs);
        var expected = Hive.Open(await Samples.ReadAsync(Old + "RecoveredHive_Windows7.gz"));
        HivexOracle.AssertEqual(RegText.Of(expected), RegText.Of(hive));
        Assert.Null(hive.Find("key_with_many_subkeys\\1"));
        Assert.NotNull(hive.Find("key_with_many_subkeys\\5000\\find_me_in_log"));
        Assert.Equal(["a", "bb", "ccc"], hive.Get("key_with_many_subkeys\\4500").Value("v")!.GetStrings());
        Assert.Equal(["OldDirtyHive.LOG1"], hive.Save().FilesToEmpty);
    }

    [Fact]
    public async Task Open_OldLogWithRemnantData_GivesWhatWindows7Gave()
    {
        var hive = await OpenAsync(Old + "OldDirtyHive.gz", Samples.Yarp + "OldLogWithRemnantData");
        HivexOracle.AssertEqual(RegText.Of(Hive.Open(await Samples.ReadAsync(Old + "RecoveredHive_Windows7.gz"))), RegText.Of(hive));
    }

    [Fact]
    public async Task Open_SystemHiveOfWindows10_TakesBothLogs()
    {
        var hive = await OpenAsync(Samples.System10, Samples.Regipy + "SYSTEM_B.LOG1.xz", Samples.Regipy + "SYSTEM_B.LOG2.xz");
        Assert.Equal((24, 315), (hive.Recovery!.Entries, hive.Recovery.Pages));
        var check = HiveChecker.Check(hive);
        Assert.Equal((35_595, 0), (check.Keys, check.ErrorCount));
        Assert.Equal(74_957 + 3_944, check.Values);
    }

    [Fact]
    [Trait("Tier", "all")]
    public async Task Open_SystemHiveOfWindows10_IsReadByHivexAfterSaving()
    {
        var hive = await OpenAsync(Samples.System10, Samples.Regipy + "SYSTEM_B.LOG1.xz", Samples.Regipy + "SYSTEM_B.LOG2.xz");
        Assert.Equal(HivexOracle.KeysOf(hive), await HivexOracle.KeysAsync(hive.Save().Content.ToArray()));
    }

    [Fact]
    public async Task Open_UserHiveWithAnOlderSecondLog_TakesTheFirst()
    {
        var hive = await OpenAsync(Samples.Regipy + "transactions_NTUSER.DAT.xz", Samples.Regipy + "transactions_ntuser.dat.log1.xz", Samples.Regipy + "transactions_ntuser.dat.log2.xz");
        Assert.Equal(["transactions_ntuser.dat.log1"], hive.Recovery!.Logs);
        Assert.Equal(3_105, HiveChecker.Check(hive).Keys);
    }

    [Theory]
    [InlineData(Old + "OldDirtyHive.gz", "log2timeline-plaso/ntuser.dat.LOG", HiveErrors.LogUnreplayable)]
    [InlineData(New + "NewDirtyHive.gz", Samples.Regipy + "transactions_ntuser.dat.log2.xz", HiveErrors.LogIncomplete)]
    [InlineData(Samples.Regipy + "transactions_NTUSER.DAT.xz", Samples.Regipy + "transactions_ntuser.dat.log2.xz", HiveErrors.LogUnreplayable)]
    [InlineData(Samples.Regipy + "transactions_NTUSER.DAT.xz", Old + "OldDirtyHive.LOG1", HiveErrors.LogUnreplayable)]
    public async Task Open_LogsThatDoNotFit_AreRefused(string hive, string log, string code)
    {
        var error = await Assert.ThrowsAsync<HiveException>(() => OpenAsync(hive, log));
        Assert.Equal(code, error.Code);
    }

    [Fact]
    public async Task Open_SystemHiveWithoutItsFirstLog_IsRefused() =>
        Assert.Equal(HiveErrors.LogIncomplete, (await Assert.ThrowsAsync<HiveException>(() => OpenAsync(Samples.System10, Samples.Regipy + "SYSTEM_B.LOG2.xz"))).Code);

    [Theory]
    [InlineData(New + "NewDirtyHive.gz", New + "NewDirtyHive.LOG1", New + "NewDirtyHive.LOG2")]
    [InlineData(Samples.System10, Samples.Regipy + "SYSTEM_B.LOG1.xz", Samples.Regipy + "SYSTEM_B.LOG2.xz")]
    public async Task Open_BaseBlockIsBroken_IsTakenFromTheLog(string name, string log1, string log2)
    {
        HiveLog[] logs = [await Samples.LogAsync(log1), await Samples.LogAsync(log2)];
        var bytes = await Samples.ReadAsync(name);
        var expected = Hive.Open(bytes, new HiveOpenOptions { Logs = logs }).Save().Content;
        bytes.AsSpan(0, 512).Fill(0xaa);
        var hive = Hive.Open(bytes, new HiveOpenOptions { Logs = logs });
        Assert.True(hive.Recovery!.IsHeaderRecovered);
        Assert.Equal(expected[4096..].ToArray(), hive.Save().Content[4096..].ToArray());
        Assert.Equal(expected[20..48].ToArray(), hive.Save().Content[20..48].ToArray());
    }

    [Fact]
    public async Task Open_BaseBlockIsBroken_OldLogCountsOnlyWhereTheFirstBinHasItsTime()
    {
        HiveLog[] logs = [await Samples.LogAsync(Old + "OldDirtyHive.LOG1")];
        var bytes = await Samples.ReadAsync(Old + "OldDirtyHive.gz");
        var expected = Hive.Open(bytes, new HiveOpenOptions { Logs = logs }).Save().Content[4096..].ToArray();
        var time = bytes[12..20];
        bytes.AsSpan(0, 512).Clear();
        Assert.Equal(HiveErrors.LogUnreplayable, Assert.Throws<HiveException>(() => Hive.Open(bytes, new HiveOpenOptions { Logs = logs })).Code);
        time.CopyTo(bytes, 4096 + 20);
        var hive = Hive.Open(bytes, new HiveOpenOptions { Logs = logs });
        Assert.True(hive.Recovery!.IsHeaderRecovered);
        Assert.Equal(expected, hive.Save().Content[4096..].ToArray());
    }

    private static async Task<Hive> OpenAsync(string hive, params string[] logs)
    {
        var all = new List<HiveLog>();
        foreach (var log in logs)
        {
            all.Add(await Samples.LogAsync(log));
        }

        return Hive.Open(await Samples.ReadAsync(hive), new HiveOpenOptions { Name = Path.GetFileName(hive), Logs = all });
    }
}
