using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Ferry.Hives.Tests.Support;
using Xunit;

namespace Ferry.Hives.Tests.Editing;

/// <summary>Random edits against a model in memory.</summary>
public sealed class EditProperties
{
    private const string Seed = "20261,11400714819323198485";
    private static readonly string[] Names = ["a", "B", "bb", "Ключ", "ë", "key 1", "Key 2", "c", "d", "e"];
    private static readonly int[] Sizes = [0, 1, 4, 5, 12, 200, 4_000, 16_344, 16_345, 40_000];

    // FsCheck's attribute takes no source information.
#pragma warning disable xUnit3003
    [Property(Replay = Seed, MaxTest = 25)]
    public Property Edits_AgainstAModel() => Prop.ForAll(ArbMap.Default.ArbFor<int>(), ArbMap.Default.ArbFor<bool>(), (seed, isOld) => Run(seed, isOld ? 3 : 5, 120));

    [Property(Replay = Seed, MaxTest = 400)]
    [Trait("Tier", "all")]
    public Property Edits_AgainstAModel_Long() => Prop.ForAll(ArbMap.Default.ArbFor<int>(), ArbMap.Default.ArbFor<bool>(), (seed, isOld) => Run(seed, isOld ? 3 : 5, 400));
#pragma warning restore xUnit3003

    private static void Run(int seed, int minor, int steps)
    {
        var random = new Random(seed);
        var hive = Hive.Create(minor);
        var model = new SortedDictionary<string, string>(StringComparer.Ordinal) { ["\\"] = "" };
        for (var i = 0; i < steps; i++)
        {
            Step(random, hive, model);
            if (i % 20 == 0)
            {
                Assert.Empty(HiveChecker.Check(hive).Problems);
            }

            if (i % 50 == 49)
            {
                hive = Hive.Open(hive.Save().Content);
            }
        }

        Checks.SaveAndReopen(hive);
        HivexOracle.AssertEqual(model, RegText.Of(hive));
    }

    private static void Step(Random random, Hive hive, SortedDictionary<string, string> model)
    {
        var path = string.Join('\\', Enumerable.Range(0, random.Next(1, 5)).Select(_ => Names[random.Next(Names.Length)]));
        var name = Names[random.Next(Names.Length)];
        switch (random.Next(10))
        {
            case < 3:
                hive.Root.Create(path);
                AddKey(model, path);
                break;
            case < 7:
                var data = new byte[Sizes[random.Next(Sizes.Length)]];
                random.NextBytes(data);
                var type = (HiveValueType)(random.Next(12) is var t && t == 4 ? 3 : t);
                hive.Root.Create(path).Set(name, type, data);
                AddKey(model, path);
                SetLine(model, path, name, $"\"{name}\"=hex({(uint)type:x}):{string.Join(',', data.Select(x => x.ToString("x2")))}");
                break;
            case < 9:
                Assert.Equal(model.ContainsKey("\\" + path) && Lines(model, path).Any(x => x.StartsWith($"\"{name}\"=", StringComparison.Ordinal)), hive.Find(path)?.DeleteValue(name) ?? false);
                if (model.ContainsKey("\\" + path))
                {
                    SetLine(model, path, name, null);
                }

                break;
            default:
                Assert.Equal(model.ContainsKey("\\" + path), hive.Root.Delete(path));
                foreach (var gone in model.Keys.Where(x => x == "\\" + path || x.StartsWith($"\\{path}\\", StringComparison.Ordinal)).ToList())
                {
                    model.Remove(gone);
                }

                break;
        }
    }

    private static void AddKey(SortedDictionary<string, string> model, string path)
    {
        var at = "";
        foreach (var part in path.Split('\\'))
        {
            at += "\\" + part;
            model.TryAdd(at, "");
        }
    }

    private static string[] Lines(SortedDictionary<string, string> model, string path) => model["\\" + path].Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private static void SetLine(SortedDictionary<string, string> model, string path, string name, string? line) =>
        model["\\" + path] = string.Join('\n', Lines(model, path).Where(x => !x.StartsWith($"\"{name}\"=", StringComparison.Ordinal)).Concat(line is null ? [] : [line]).Order(StringComparer.Ordinal));
}
