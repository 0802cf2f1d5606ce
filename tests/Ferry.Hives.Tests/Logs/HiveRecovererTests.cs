using Ferry.Hives.Tests.Support;
using Xunit;

namespace Ferry.Hives.Tests.Logs;

/// <summary>Logs that are torn, damaged, missing, of another hive: recovered to what was promised to be there, or refused.</summary>
public sealed class HiveRecovererTests
{
    private const int Sector = 512;

    [Fact]
    public void Open_NewLog_AppliesEveryEntry()
    {
        var v = Versions.Of(5);
        var hive = Open(LogBuilder.Dirty(v[0], 8, 7), LogBuilder.New(7, v));
        Assert.Equal(4, Versions.NewestKey(hive));
        Assert.Equal(v[4][4096..], hive.Save().Content[4096..].ToArray());
        Assert.Empty(HiveChecker.Check(hive).Problems);
    }

    [Fact]
    public void Open_LogsThatFollowEachOther_AreAppliedInTheOrderOfTheirNumbers()
    {
        var v = Versions.Of(6);
        var hive = Open(LogBuilder.Dirty(v[0], 8, 7), LogBuilder.New(9, v[2], v[3], v[4], v[5]), LogBuilder.New(7, v[0], v[1], v[2]));
        Assert.Equal(5, Versions.NewestKey(hive));
        Assert.Equal(["LOG2", "LOG1"], hive.Recovery!.Logs);
    }

    [Fact]
    public void Open_EntriesBeforeTheHive_AreLeftOut()
    {
        var v = Versions.Of(5);
        var hive = Open(LogBuilder.Dirty(v[2], 10, 9), LogBuilder.New(7, v));
        Assert.Equal((2, 4), (hive.Recovery!.Entries, Versions.NewestKey(hive)));
    }

    [Fact]
    public void Open_LastEntryIsTorn_GivesWhatWasBeforeIt()
    {
        var v = Versions.Of(4);
        var log = LogBuilder.New(7, v);
        Assert.Equal(2, Versions.NewestKey(Open(LogBuilder.Dirty(v[0], 8, 7), log[..^Sector])));
        log[^1000] ^= 1;
        Assert.Equal(2, Versions.NewestKey(Open(LogBuilder.Dirty(v[0], 8, 7), log)));
    }

    [Fact]
    public void Open_EntryInTheMiddleIsDamaged_IsRefused()
    {
        var v = Versions.Of(5);
        var log = LogBuilder.New(7, v);
        var second = Sector + BitConverter.ToInt32(log, Sector + 4);
        foreach (var at in new[] { second + 100, second + 12, second + 30, second + 4, second })
        {
            var damaged = (byte[])log.Clone();
            damaged[at] ^= 1;
            Assert.Equal(HiveErrors.LogIncomplete, Refusal(LogBuilder.Dirty(v[0], 8, 7), damaged));
        }
    }

    [Fact]
    public void Open_EntryIsMissingInTheMiddle_IsRefused()
    {
        var v = Versions.Of(6);
        Assert.Equal(HiveErrors.LogIncomplete, Refusal(LogBuilder.Dirty(v[0], 8, 7), LogBuilder.New(7, v[0], v[1], v[2]), LogBuilder.New(10, v[3], v[4], v[5])));
    }

    [Fact]
    public void Open_HeaderOfTheFirstLogIsDamaged_IsRefused()
    {
        var v = Versions.Of(6);
        var log1 = LogBuilder.New(7, v[0], v[1], v[2]);
        var log2 = LogBuilder.New(9, v[2], v[3], v[4]);
        log2[4] ^= 1;
        Assert.Equal(HiveErrors.LogIncomplete, Refusal(LogBuilder.Dirty(v[0], 8, 7), log1, log2));
    }

    [Fact]
    public void Open_FirstEntryOrHeaderOfTheFirstLogIsDamaged_IsRefused()
    {
        // A hive in use: its number is behind those of its logs, as in real SYSTEM hives.
        var v = Versions.Of(6);
        var hive = LogBuilder.Dirty(v[0], 4, 3);
        var log1 = LogBuilder.New(7, v[0], v[1], v[2]);
        var log2 = LogBuilder.New(9, v[2], v[3], v[4]);
        Assert.Equal(4, Versions.NewestKey(Open(hive, log1, log2)));
        foreach (var at in new[] { 4, Sector + 4, Sector + 100 })
        {
            var damaged = (byte[])log1.Clone();
            damaged[at] ^= 1;
            Assert.Equal(HiveErrors.LogIncomplete, Refusal(hive, damaged, log2));
            Assert.Equal(HiveErrors.LogIncomplete, Refusal(hive, log2, damaged));
        }
    }

    [Fact]
    public void Open_OneLogThatDoesNotBeginAtTheHive_NeedsTheOther()
    {
        var v = Versions.Of(4);
        var hive = LogBuilder.Dirty(v[0], 4, 3);
        Assert.Equal(HiveErrors.LogIncomplete, Refusal(hive, LogBuilder.New(7, v)));
        Assert.Equal(3, Versions.NewestKey(Open(hive, LogBuilder.New(7, v), [])));
    }

    [Fact]
    public void Open_EntriesLeftFromEarlier_AreIgnored()
    {
        var v = Versions.Of(5);
        byte[] log = [.. LogBuilder.New(20, v[2], v[3], v[4]), .. LogBuilder.New(12, v[0], v[1], v[2])[Sector..]];
        var hive = Open(LogBuilder.Dirty(v[2], 4, 3), log, []);
        Assert.Equal((2, 4), (hive.Recovery!.Entries, Versions.NewestKey(hive)));
    }

    [Fact]
    public void Open_SecondLogIsTornInItsFirstEntry_GivesTheFirst()
    {
        var v = Versions.Of(5);
        var log2 = LogBuilder.New(9, v[2], v[3]);
        log2[Sector + 100] ^= 1;
        var hive = Open(LogBuilder.Dirty(v[0], 8, 7), LogBuilder.New(7, v[0], v[1], v[2]), log2);
        Assert.Equal(2, Versions.NewestKey(hive));
        Assert.Equal(["LOG1", "LOG2"], hive.Save().FilesToEmpty);
    }

    [Fact]
    public void Open_LogsAreOlderThanTheHive_IsRefused()
    {
        var v = Versions.Of(4);
        Assert.Equal(HiveErrors.LogUnreplayable, Refusal(LogBuilder.Dirty(v[3], 21, 20), LogBuilder.New(7, v)));
    }

    [Fact]
    public void Open_LogOfAnotherHive_IsRefused()
    {
        var v = Versions.Of(4);
        var log = LogBuilder.New(7, v);
        System.Text.Encoding.Unicode.GetBytes("\\other").CopyTo(log, 48);
        LogBuilder.Mend(log, 7, 7, 6);
        var hive = LogBuilder.Dirty(v[0], 8, 7);
        System.Text.Encoding.Unicode.GetBytes("\\this").CopyTo(hive, 48);
        Assert.Equal(HiveErrors.LogIncomplete, Refusal(LogBuilder.Mend(hive, 8, 7, 0), log));
    }

    [Fact]
    public void Open_NoLogs_IsRefused_UnlessTheLossIsAccepted()
    {
        var v = Versions.Of(2);
        var dirty = LogBuilder.Dirty(v[1], 8, 7);
        Assert.Equal(HiveErrors.Dirty, Refusal(dirty));
        Assert.Equal(HiveErrors.Dirty, Refusal(dirty, []));
        var hive = Hive.Open(dirty, new HiveOpenOptions { DiscardUnreplayed = true });
        Assert.Equal(1, Versions.NewestKey(hive));
        Assert.Null(Hive.Open(hive.Save().Content).Recovery);
    }

    [Fact]
    public void Open_CleanHive_IgnoresItsLogs_AndSavesAboveThem()
    {
        var v = Versions.Of(4);
        var options = new HiveOpenOptions { Logs = [new HiveLog("LOG1", LogBuilder.New(70, v)), new HiveLog("LOG2", default)] };
        var hive = Hive.Open(v[0], options);
        Assert.Null(hive.Recovery);
        Assert.False(hive.Save().IsChanged);
        hive.Root.Create("x");
        var saved = hive.Save();
        Assert.Equal(["LOG1"], saved.FilesToEmpty);
        Assert.Equal((73u, 73u), (BitConverter.ToUInt32(saved.Content.Span[4..]), BitConverter.ToUInt32(saved.Content.Span[8..])));
    }

    [Fact]
    public void Open_LogThatClaimsAFarPlace_CostsNothing()
    {
        const int Far = 512 << 20;
        var v = Versions.Of(2);
        var log = LogBuilder.New(7, v);
        BitConverter.GetBytes(Far + 4096).CopyTo(log, Sector + 16);
        BitConverter.GetBytes(Far).CopyTo(log, Sector + 40);
        LogBuilder.Seal(log.AsSpan(Sector));
        var hive = LogBuilder.Dirty(v[0], 8, 7);
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        Assert.Equal(HiveErrors.LogIncomplete, Refusal(hive, log));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - allocated, 0, 1 << 20);
        Assert.Equal(HiveErrors.TooLarge, Assert.Throws<HiveException>(() => Hive.Open(hive, new HiveOpenOptions { MaxBytes = Far, Logs = [new HiveLog("LOG1", log)] })).Code);
    }

    [Fact]
    public void Open_OldLog_IsApplied()
    {
        var v = Versions.Of(3, 3);
        var hive = Open(LogBuilder.Dirty(v[1], 8, 7), LogBuilder.Old(v[1], v[2], 8));
        Assert.Equal(2, Versions.NewestKey(hive));
        Assert.Equal(v[2][4096..], hive.Save().Content[4096..].ToArray());
    }

    [Fact]
    public void Open_OldLogOfWindowsXp_IsApplied()
    {
        var v = Versions.Of(3, 3);
        Assert.Equal(2, Versions.NewestKey(Open(LogBuilder.Dirty(v[1], 8, 7), [], LogBuilder.Old(v[1], v[2], 7))));
    }

    [Fact]
    public void Open_OldLogIsTornOrOfAnotherWrite_IsRefused()
    {
        var v = Versions.Of(4, 3);
        var log = LogBuilder.Old(v[1], v[2], 8);
        Assert.Equal(HiveErrors.LogUnreplayable, Refusal(LogBuilder.Dirty(v[1], 8, 7), log[..^Sector]));
        Assert.Equal(HiveErrors.LogUnreplayable, Refusal(LogBuilder.Dirty(v[1], 8, 7), log[..700]));
        Assert.Equal(HiveErrors.LogUnreplayable, Refusal(LogBuilder.Dirty(v[0], 8, 7), log));
        Assert.Equal(HiveErrors.LogUnreplayable, Refusal(LogBuilder.Dirty(v[1], 10, 9), log));
        Assert.Equal(HiveErrors.LogUnreplayable, Refusal(LogBuilder.Dirty(v[1], 8, 7), LogBuilder.Mend((byte[])log.Clone(), 8, 7, 1)));
    }

    [Fact]
    public void Open_BaseBlockIsBroken_TakesAllLogsThatFollowEachOther()
    {
        var v = Versions.Of(6);
        var broken = (byte[])v[0].Clone();
        broken[510] ^= 1;
        var hive = Open(broken, LogBuilder.New(7, v[0], v[1], v[2]), LogBuilder.New(9, v[2], v[3], v[4], v[5]));
        Assert.True(hive.Recovery!.IsHeaderRecovered);
        Assert.Equal(v[5][4096..], hive.Save().Content[4096..].ToArray());
        Assert.Equal(v[5][20..48], hive.Save().Content[20..48].ToArray());
    }

    [Fact]
    public void Open_NoHive_SaysSo()
    {
        Assert.Equal(HiveErrors.Unsupported, Refusal(new byte[8192]));
        Assert.Equal(HiveErrors.Truncated, Refusal(new byte[100]));
        var log = LogBuilder.New(7, Versions.Of(2));
        Assert.Equal(HiveErrors.Unsupported, Refusal(log));
    }

    private static Hive Open(byte[] hive, params byte[][] logs) =>
        Hive.Open(hive, new HiveOpenOptions { Name = "hive", Logs = [.. logs.Select((x, i) => new HiveLog($"LOG{i + 1}", x))] });

    private static string Refusal(byte[] hive, params byte[][] logs) => Assert.Throws<HiveException>(() => Open(hive, logs)).Code;
}
