using Microsoft.Extensions.Time.Testing;

namespace Ferry.Hives.Tests.Support;

/// <summary>Versions of a small hive, each with one key more than the one before.</summary>
internal static class Versions
{
    private static readonly DateTimeOffset Start = new(2024, 5, 1, 12, 0, 0, TimeSpan.Zero);

    public static byte[][] Of(int count, int minor = 5)
    {
        var time = new FakeTimeProvider(Start);
        var hive = Hive.Create(minor, new HiveOpenOptions { Time = time });
        var versions = new List<byte[]> { hive.Save().Content.ToArray() };
        for (var i = 1; i < count; i++)
        {
            time.Advance(TimeSpan.FromMinutes(1));
            hive.Root.Create($"Key{i}").Set("v", HiveValueType.Binary, new byte[3000]);
            versions.Add(hive.Save().Content.ToArray());
        }

        return [.. versions];
    }

    /// <summary>The keys that tell versions apart.</summary>
    public static int NewestKey(Hive hive) => hive.Root.Subkeys.Select(x => int.Parse(x.Name.AsSpan(3), System.Globalization.CultureInfo.InvariantCulture)).DefaultIfEmpty().Max();
}
