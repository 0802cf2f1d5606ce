using Ferry.Hives.Tests.Fuzzing;
using Ferry.Hives.Tests.Support;

namespace Ferry.Hives.Fuzz;

/// <summary>Inputs to begin with, by name.</summary>
internal static class SeedFiles
{
    /// <summary>The seeds of a target, or null.</summary>
    public static IReadOnlyDictionary<string, byte[]>? Of(string target) => target switch
    {
        "hive" => new Dictionary<string, byte[]> { ["old"] = Seeds.Hive(3), ["new"] = Seeds.Hive(5), ["empty"] = Hive.Create().Save().Content.ToArray() },
        "bcd" => new Dictionary<string, byte[]> { ["bcd"] = Seeds.Bcd() },
        "logs" => new Dictionary<string, byte[]> { ["old"] = Logs(isOld: true), ["new"] = Logs(isOld: false) },
        _ => null,
    };

    /// <summary>The input with the checksum and sequence numbers of a clean hive: no fuzzer finds those by itself.</summary>
    public static byte[] Mended(byte[] bytes)
    {
        if (bytes.Length >= BaseBlock.LogSize)
        {
            var header = new BaseBlock(bytes);
            header.Sequence2 = header.Sequence1;
            header.SetChecksum();
        }

        return bytes;
    }

    private static byte[] Logs(bool isOld)
    {
        var before = Hive.Create(isOld ? 3 : 5);
        var first = before.Save().Content.ToArray();
        before.Root.Create("key").SetDWord("v", 1);
        var second = before.Save().Content.ToArray();
        var hive = LogBuilder.Dirty(first, 8, 7);
        return [.. BitConverter.GetBytes(hive.Length), .. hive, .. isOld ? LogBuilder.Old(first, second, 8) : LogBuilder.New(7, first, second)];
    }
}
