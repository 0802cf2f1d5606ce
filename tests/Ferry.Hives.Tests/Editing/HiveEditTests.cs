using Ferry.Hives.Tests.Support;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Ferry.Hives.Tests.Editing;

/// <summary>Every kind of edit, in hives with hints (1.3) and with hashes and segments (1.5).</summary>
public sealed class HiveEditTests
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2024, 1, 2, 3, 4, 5, TimeSpan.Zero));

    public static TheoryData<int> Versions => [3, 4, 5, 6];

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task Create_NewHive_IsReadByHivex(int minor)
    {
        var hive = New(minor);
        var bytes = Checks.SaveAndReopen(hive);
        await HivexOracle.AssertReadsTheSameAsync(hive, bytes);
        Assert.NotEmpty(hive.Root.SecurityDescriptor);
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task Set_DataOfEverySize_IsReadBackByFerryAndHivex(int minor)
    {
        var hive = New(minor);
        var key = hive.Root.Create("Sizes\\Sub");
        foreach (var size in new[] { 0, 1, 2, 3, 4, 5, 7, 8, 100, 4095, 4096, 16_343, 16_344, 16_345, 32_688, 32_689, 100_000 })
        {
            key.SetBinary($"v{size}", Pattern(size));
            Assert.Equal(Pattern(size), key.Value($"V{size}")!.GetData());
        }

        var bytes = Checks.SaveAndReopen(hive);
        await HivexOracle.AssertReadsTheSameAsync(hive, bytes);
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public void Set_FromEverySizeToEveryOther_LeavesNothingBehind(int minor)
    {
        int[] sizes = [0, 3, 4, 5, 40, 16_344, 16_345, 50_000];
        foreach (var from in sizes)
        {
            foreach (var to in sizes)
            {
                var hive = New(minor);
                hive.Root.SetBinary("v", Pattern(from));
                hive.Root.SetBinary("v", Pattern(to));
                Assert.Equal(Pattern(to), hive.Root.Value("v")!.GetData());
                Assert.Empty(HiveChecker.Check(hive).Problems);
                Assert.True(hive.Root.DeleteValue("V"));
                Assert.Empty(HiveChecker.Check(hive).Problems);
                Assert.Equal(0, HiveChecker.Check(hive).Values);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task Create_ThousandsOfSubkeys_KeepsListsSortedAndSplit(int minor)
    {
        const int Count = 2500;
        var hive = New(minor);
        var parent = hive.Root.Create("many");
        foreach (var i in Enumerable.Range(0, Count).OrderBy(i => (i * 7919) % Count))
        {
            parent.Create($"Key {i}");
        }

        Assert.True(hive.Keys.Leaves(parent.Offset).Length > 1);
        Assert.Equal(Count, parent.Subkeys.Count);
        await HivexOracle.AssertReadsTheSameAsync(hive, Checks.SaveAndReopen(hive));
        foreach (var i in Enumerable.Range(0, Count).Where(i => i % 10 != 3))
        {
            Assert.True(parent.Delete($"KEY {i}"));
        }

        Checks.SaveAndReopen(hive);
        Assert.Equal(Count / 10, parent.Subkeys.Count);
        foreach (var key in parent.Subkeys.ToList())
        {
            Assert.True(parent.Delete(key.Name));
        }

        Checks.SaveAndReopen(hive);
        Assert.True(hive.Root.Delete("many"));
        Assert.Equal(1, HiveChecker.Check(hive).Keys);
        Checks.SaveAndReopen(hive);
    }

    [Fact]
    public void Create_IntoAListThatWasSplitBefore_IsFound()
    {
        var hive = New(5);
        foreach (var i in Enumerable.Range(0, 1200))
        {
            hive.Root.Create($"{i:d4}");
        }

        hive.Root.Create("0253x");
        hive.Root.Create("zzz");
        hive.Root.Create(" first");
        var again = Hive.Open(Checks.SaveAndReopen(hive));
        Assert.NotNull(again.Find("0253X"));
        Assert.NotNull(again.Find("ZZZ"));
        Assert.Equal(" first", again.Root.Subkeys[0].Name);
    }

    [Fact]
    public async Task Names_OfEveryKind_AreStoredAsWindowsDoes()
    {
        var hive = New(5);
        string[] names = ["ascii", "ëigenaardig", "ÿ", "µ", "Привет", "Ωmega", "日本", "{brace}", "with \"quote\"", "a/b", "💾", new string('n', 255)];
        foreach (var name in names)
        {
            hive.Root.Create(name).SetString(name, name);
            Assert.Same(hive.Find(name), hive.Root.Create(name));
        }

        Assert.NotNull(hive.Find("ПРИВЕТ"));
        Assert.NotNull(hive.Find("ËIGENAARDIG"));
        Assert.Null(hive.Find("Μ"));
        await HivexOracle.AssertReadsTheSameAsync(hive, Checks.SaveAndReopen(hive));
    }

    [Fact]
    public void Delete_Tree_FreesAllOfIt()
    {
        var hive = New(5);
        var empty = HiveChecker.Check(hive);
        var key = hive.Root.Create("a\\b\\c");
        key.SetBinary("big", Pattern(70_000));
        key.SetClassName("class of it");
        hive.Root.Create("a\\b2").SetString("", "default");
        Assert.Equal("class of it", Hive.Open(Checks.SaveAndReopen(hive)).Get("a\\b\\c").ClassName);
        Assert.True(hive.Root.Delete("A"));
        Assert.False(hive.Root.Delete("a"));
        Assert.True(key.IsDeleted);
        Assert.Throws<InvalidOperationException>(() => key.Values);
        var after = HiveChecker.Check(hive);
        Assert.Equal((1, 0, 0L), (after.Keys, after.Values, after.LostBytes));
        Assert.True(after.FreeBytes > empty.FreeBytes);
        Checks.SaveAndReopen(hive);
        Assert.Throws<ArgumentException>(() => hive.Root.Delete(""));
    }

    [Fact]
    public void SetSecurityDescriptor_IsSharedCountedAndFreed()
    {
        var hive = New(5);
        var (a, b) = (hive.Root.Create("a"), hive.Root.Create("b"));
        var other = hive.Root.SecurityDescriptor;
        other[^1] ^= 1;
        a.SetSecurityDescriptor(other);
        b.SetSecurityDescriptor(other);
        Assert.Equal(2, HiveChecker.Check(hive).SecurityDescriptors);
        Assert.Equal(other, Hive.Open(Checks.SaveAndReopen(hive)).Get("b").SecurityDescriptor);
        var child = b.Create("child");
        Assert.Equal(other, child.SecurityDescriptor);
        Checks.SaveAndReopen(hive);
        hive.Root.Delete("b");
        a.SetSecurityDescriptor(hive.Root.SecurityDescriptor);
        Assert.Equal(1, HiveChecker.Check(hive).SecurityDescriptors);
        Checks.SaveAndReopen(hive);
        Assert.Throws<ArgumentException>(() => a.SetSecurityDescriptor(new byte[30]));
    }

    [Fact]
    public void SameEditsAgain_ChangeNothing()
    {
        var hive = New(5);
        Edit(hive);
        var first = hive.Save().Content.ToArray();
        _time.Advance(TimeSpan.FromDays(1));
        var again = Hive.Open(first, new HiveOpenOptions { Time = _time });
        Edit(again);
        Assert.False(again.IsModified);
        Assert.False(again.Save().IsChanged);
        Assert.Equal(first, again.Save().Content.ToArray());
    }

    [Fact]
    public void SameEditsOfTheSameHive_GiveTheSameBytes()
    {
        var (one, two) = (New(5), New(5));
        Edit(one);
        Edit(two);
        Assert.Equal(one.Save().Content.ToArray(), two.Save().Content.ToArray());
    }

    [Fact]
    public void Edit_SetsTimesOfWhatItTouchesOnly()
    {
        var hive = New(5);
        hive.Root.Create("a\\b");
        hive.Root.Create("c");
        _time.Advance(TimeSpan.FromHours(1));
        hive.Get("a\\b").SetDWord("v", 1);
        Assert.Equal(_time.GetUtcNow().UtcDateTime, hive.Get("a\\b").LastWritten);
        Assert.Equal(_time.GetUtcNow().UtcDateTime.AddHours(-1), hive.Get("a").LastWritten);
        Assert.Equal(_time.GetUtcNow().UtcDateTime.AddHours(-1), hive.Get("c").LastWritten);
    }

    [Fact]
    public void Edit_BeyondTheLimit_SpoilsTheHive()
    {
        var hive = Hive.Create(5, new HiveOpenOptions { MaxBytes = 20_000, Name = "small" });
        var error = Assert.Throws<HiveException>(() => hive.Root.SetBinary("v", new byte[40_000]));
        Assert.Equal(HiveErrors.TooLarge, error.Code);
        Assert.Throws<InvalidOperationException>(() => hive.Save());
        Assert.Throws<InvalidOperationException>(() => hive.Root.Create("x"));
    }

    [Fact]
    public void Set_MoreThanACellHolds_IsRefusedWhereThereAreNoSegments()
    {
        var hive = New(3);
        Assert.Equal(HiveErrors.TooLarge, Assert.Throws<HiveException>(() => hive.Root.SetBinary("v", new byte[1 << 20])).Code);
        var with = New(5);
        with.Root.SetBinary("v", Pattern(3 << 20));
        Checks.SaveAndReopen(with);
    }

    [Fact]
    public void Create_WrongNames_AreRefused()
    {
        var hive = New(5);
        Assert.Throws<ArgumentException>(() => hive.Root.Create(new string('n', 256)));
        Assert.Throws<ArgumentException>(() => hive.Root.Create("a\0b"));
        Assert.Throws<ArgumentException>(() => hive.Root.Set(new string('n', 16_384), HiveValueType.Sz, []));
        Assert.Throws<ArgumentException>(() => hive.Root.Create(string.Join('\\', Enumerable.Repeat("d", 513))));
        Assert.Throws<ArgumentException>(() => hive.Root.SetString("v", "a\0b"));
        Assert.Throws<ArgumentException>(() => hive.Root.SetStrings("v", "a", ""));
        Checks.SaveAndReopen(hive);
    }

    private static void Edit(Hive hive)
    {
        var key = hive.Root.Create("Select");
        key.SetDWord("Current", 1);
        key.SetQWord("q", ulong.MaxValue);
        key.SetString("s", "text");
        key.SetExpandString("e", "%SystemRoot%");
        key.SetStrings("m", "a", "bb");
        key.SetStrings("none");
        key.SetBinary("b", Pattern(20_000));
        key.SetClassName("class");
        hive.Root.Delete("gone");
        key.DeleteValue("not there");
    }

    private static byte[] Pattern(int size) => [.. Enumerable.Range(0, size).Select(i => (byte)((i * 31) + (i >> 8) + 1))];

    private Hive New(int minor) => Hive.Create(minor, new HiveOpenOptions { Time = _time });
}
