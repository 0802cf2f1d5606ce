using Ferry.Hives.Tests.Support;
using Xunit;

namespace Ferry.Hives.Tests.Reading;

/// <summary>Every sample hive, read by Ferry and by hivex.</summary>
public sealed class SampleHivesTests
{
    /// <summary>Hives that Windows or an editor left with lost cells, a missing flag, or a hint of its own kind.</summary>
    private static readonly string[] Untidy =
    [
        Samples.Regipy + "NTUSER_modified.DAT.xz", Samples.Yarp + "NewDirtyHive1/RecoveredHive_Windows10.gz", Samples.Yarp + "HealedHive.gz", Samples.Yarp + "DeletedTreePartialPathHive.gz",
        Samples.Yarp + "DeletedTreeNoRootFlagHive.gz", Samples.Yarp + "CompHive.gz",
    ];

    [Theory]
    [InlineData(Samples.Minimal)]
    [InlineData(Samples.BootStore)]
    [InlineData("log2timeline-plaso/NTUSER-RunTests.DAT.gz")]
    [InlineData("msuhanov-yarp/hives_for_manual_tests/FuseHive2.gz")]
    [InlineData("msuhanov-yarp/hives_for_manual_tests/FuseHive3.gz")]
    [InlineData("msuhanov-yarp/hives_for_manual_tests/FuseHive4.gz")]
    [InlineData(Samples.Yarp + "BigDataHive.gz")]
    [InlineData(Samples.Yarp + "CompHive.gz")]
    [InlineData(Samples.Yarp + "DeletedDataHive.gz")]
    [InlineData(Samples.Yarp + "DeletedTreeNoRootFlagHive.gz")]
    [InlineData(Samples.Yarp + "DeletedTreePartialPathHive.gz")]
    [InlineData(Samples.Yarp + "DupNameHive.gz")]
    [InlineData(Samples.Yarp + "EmptyHive.gz")]
    [InlineData(Samples.Yarp + "ExtendedASCIIHive.gz")]
    [InlineData(Samples.Yarp + "HealedHive.gz")]
    [InlineData(Samples.Yarp + "ManySubkeysHive.gz")]
    [InlineData(Samples.Yarp + "NewDirtyHive1/RecoveredHive_Windows10.gz")]
    [InlineData(Samples.Yarp + "NewFlagsHive.gz")]
    [InlineData(Samples.Yarp + "OffHive")]
    [InlineData(Samples.Yarp + "OldDirtyHive/RecoveredHive_Windows7.gz")]
    [InlineData(Samples.Yarp + "ReallocValueDataHive.gz")]
    [InlineData(Samples.Yarp + "ReallocValueHive.gz")]
    [InlineData(Samples.Yarp + "RemnantsHive.gz")]
    [InlineData(Samples.Yarp + "StringValuesHive.gz")]
    [InlineData(Samples.Yarp + "TwoOwnersHive.gz")]
    [InlineData(Samples.Yarp + "UnicodeHive.gz")]
    public Task Open_CleanHive_ReadsWhatHivexReads(string name) => CompareAsync(name);

    [Theory]
    [Trait("Tier", "all")]
    [InlineData(Samples.System7)]
    [InlineData(Samples.Regipy + "NTUSER_modified.DAT.xz")]
    [InlineData(Samples.Regipy + "NTUSER-WSL.DAT.xz")]
    [InlineData(Samples.Yarp + "SlackHive.gz")]
    [InlineData("log2timeline-plaso/NTUSER.DAT.gz")]
    [InlineData(Samples.Regipy + "NTUSER.DAT.xz")]
    public Task Open_LargeCleanHive_ReadsWhatHivexReads(string name) => CompareAsync(name);

    [Theory]
    [Trait("Tier", "all")]
    [InlineData(Samples.System10)]
    [InlineData(Samples.Regipy + "amcache.hve.xz")]
    [InlineData(Samples.Regipy + "transactions_NTUSER.DAT.xz")]
    [InlineData(Samples.Yarp + "NewDirtyHive1/NewDirtyHive.gz")]
    [InlineData(Samples.Yarp + "OldDirtyHive/OldDirtyHive.gz")]
    public async Task Open_DirtyHiveWithConsent_ReadsWhatHivexReads(string name)
    {
        var bytes = await Samples.ReadAsync(name);
        Assert.Equal(HiveErrors.Dirty, Assert.Throws<HiveException>(() => Hive.Open(bytes, new HiveOpenOptions { Name = name })).Code);
        var hive = Hive.Open(bytes, new HiveOpenOptions { Name = name, DiscardUnreplayed = true });
        Assert.Equal([], hive.Recovery!.Logs);
        await HivexOracle.AssertReadsTheSameAsync(hive, bytes);
    }

    private static async Task CompareAsync(string name)
    {
        var bytes = await Samples.ReadAsync(name);
        var hive = Hive.Open(bytes, new HiveOpenOptions { Name = name });
        Assert.Null(hive.Recovery);
        await HivexOracle.AssertReadsTheSameAsync(hive, bytes);
        var check = HiveChecker.Check(hive);
        Assert.Equal(0, check.ErrorCount);
        Assert.Equal(Untidy.Contains(name), check.WarningCount > 0);
        Assert.Equal(bytes, hive.Save().Content.ToArray());
    }

    /// <summary>Each is refused with a code, by whoever first looks at what is wrong; hivex refuses them too, but for the two that it reads a key twice in.</summary>
    [Theory]
    [InlineData(Samples.Yarp + "BadListHive.gz", HiveErrors.Corrupt)]
    [InlineData(Samples.Yarp + "DuplicateSubkeysHive.gz", HiveErrors.NotEditable)]
    [InlineData(Samples.Yarp + "DeletedDataHiveTruncated.gz", HiveErrors.Corrupt)]
    [InlineData(Samples.Yarp + "EffectiveSizeHive.gz", HiveErrors.Dirty)]
    [InlineData(Samples.Yarp + "TruncatedHive", HiveErrors.Truncated)]
    [InlineData(Samples.Yarp + "TruncatedDirtyHive", HiveErrors.Dirty)]
    [InlineData(Samples.Regipy + "corrupted_system_hive.xz", HiveErrors.Corrupt)]
    public async Task Open_DamagedHive_IsRefusedOrFound(string name, string code)
    {
        var bytes = await Samples.ReadAsync(name);
        var error = Assert.Throws<HiveException>(() =>
        {
            var hive = Hive.Open(bytes, new HiveOpenOptions { Name = "damaged" });
            RegText.Of(hive);
            hive.Root.Create("new");
        });
        Assert.Equal(code, error.Code);
        Assert.StartsWith("damaged", error.Where, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Samples.Yarp + "BogusKeyNamesHive.gz", "testnew\r\nne", "testnu\0l")]
    [InlineData(Samples.Yarp + "TruncatedPairHive.gz", "ss1", "SS3")]
    public async Task Open_NamesThatXmlCannotHold_AreReadAsTheyAre(string name, params string[] expected)
    {
        var hive = Hive.Open(await Samples.ReadAsync(name));
        Assert.Subset(hive.Root.Subkeys.Select(x => x.Name).ToHashSet(), expected.ToHashSet());
        Assert.Equal(0, HiveChecker.Check(hive).ErrorCount);
    }
}
