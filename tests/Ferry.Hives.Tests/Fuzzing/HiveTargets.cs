using System.Buffers.Binary;
using Ferry.Hives.Bcd;
using Ferry.Hives.ControlSets;

namespace Ferry.Hives.Tests.Fuzzing;

/// <summary>What is done with damaged input. The outcome is a result or a <see cref="HiveException"/>; what is consistent stays so through edits and saving.</summary>
internal static class HiveTargets
{
    private const int MostBytes = 8 << 20;

    /// <summary>A hive: everything of it is read, then it is edited and saved.</summary>
    public static void RunHive(byte[] bytes) => Use(Hive.Open(bytes, new HiveOpenOptions { Name = "fuzzed", MaxBytes = MostBytes }));

    /// <summary>A boot configuration store.</summary>
    public static void RunBcd(byte[] bytes)
    {
        var store = BcdStore.Of(Hive.Open(bytes, new HiveOpenOptions { Name = "fuzzed", MaxBytes = MostBytes }));
        foreach (var item in store.Objects)
        {
            foreach (var element in item.Elements)
            {
                Try(() => Read(item, element));
            }
        }

        Try(() => _ = store.Default?.Type);
        Use(store.Hive);
    }

    /// <summary>A dirty hive with its logs: bytes of the hive's length, then the log's.</summary>
    public static void RunLogs(byte[] bytes)
    {
        if (bytes.Length < 4)
        {
            return;
        }

        var length = (int)Math.Min(BinaryPrimitives.ReadUInt32LittleEndian(bytes), (uint)bytes.Length - 4);
        var second = 4 + length + ((bytes.Length - 4 - length) / 2 / 512 * 512);
        RunLogs(bytes[4..(4 + length)], bytes[(4 + length)..], bytes[(4 + length)..second], bytes[second..]);
    }

    /// <summary>A dirty hive with its logs.</summary>
    public static void RunLogs(byte[] hive, params byte[][] logs) =>
        Use(Hive.Open(hive, new HiveOpenOptions { Name = "fuzzed", MaxBytes = MostBytes, Logs = [.. logs.Select((x, i) => new HiveLog($"LOG{i}", x))] }));

    private static void Use(Hive hive)
    {
        var open = new Stack<HiveKey>([hive.Root]);
        while (open.TryPop(out var key))
        {
            Try(() => Read(key, open));
        }

        Try(() => _ = ControlSetList.Of(hive).Current.Path);
        var before = HiveChecker.Check(hive);
        if (before.ErrorCount > 0)
        {
            Require(ThrowsHiveException(() => hive.Root.Create("ferry")), "An inconsistent hive was edited.");
            return;
        }

        Edit(hive);
        var after = HiveChecker.Check(hive);
        Require(after.ErrorCount == 0 && after.WarningCount <= before.WarningCount, $"An edit made a hive inconsistent: {string.Join(' ', after.Problems.Except(before.Problems))}");
        var again = Hive.Open(hive.Save().Content);
        Require(again.Recovery is null && HiveChecker.Check(again) is { ErrorCount: 0 } check && check.Keys == after.Keys && check.Values == after.Values, "A saved hive is another one.");
    }

    private static void Read(HiveKey key, Stack<HiveKey> open)
    {
        foreach (var child in key.Subkeys)
        {
            open.Push(child);
        }

        Try(() => _ = $"{key.ClassName}{key.SecurityDescriptor.Length}{key.LastWritten}{key.IsSymbolicLink}");
        foreach (var value in key.Values)
        {
            Try(() => value.GetData());
            Try(() => value.GetStrings());
            Try(() => value.GetQWord());
        }
    }

    private static void Read(BcdObject item, uint element)
    {
        _ = item.Type;
        switch (element >> 24 & 0xf)
        {
            case 1: _ = item.GetDevice(element)?.Partitions.Count; break;
            case 2: item.GetString(element); break;
            case 3: item.GetObject(element); break;
            case 4: item.GetObjects(element); break;
            case 5: item.GetInteger(element); break;
            case 6: item.GetBoolean(element); break;
            default: break;
        }
    }

    private static void Edit(Hive hive)
    {
        var added = hive.Root.Create("ferry\\sub");
        added.SetBinary("big", new byte[hive.MinorVersion >= 4 ? 40_000 : 20_000]);
        added.SetDWord("small", 1);
        var victim = hive.Root.Subkeys.FirstOrDefault(x => x.Name != "ferry" && !x.Name.Contains('\\', StringComparison.Ordinal) && x.Name.Length > 0);
        if (victim is not null)
        {
            foreach (var value in victim.Values.Where(x => x.Name.Length < 100).ToList())
            {
                victim.SetBinary(value.Name, new byte[100]);
            }

            hive.Root.Delete(victim.Name);
        }

        hive.Root.DeleteValue("small");
        added.DeleteValue("big");
    }

    private static void Try(Action read)
    {
        try
        {
            read();
        }
        catch (HiveException)
        {
            // The documented outcome; the next is read all the same.
        }
    }

    private static bool ThrowsHiveException(Action action)
    {
        try
        {
            action();
            return false;
        }
        catch (HiveException)
        {
            return true;
        }
    }

    private static void Require(bool isSo, string message)
    {
        if (!isSo)
        {
            throw new InvalidOperationException(message);
        }
    }
}
