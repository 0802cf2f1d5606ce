using System.Diagnostics;
using System.Globalization;
using Ferry.DiskImages.Tests.Fuzzing;
using Ferry.Hives.Logs;
using Ferry.Hives.Tests.Support;
using Xunit;

namespace Ferry.Hives.Tests.Fuzzing;

/// <summary>
/// Damaged hives and logs whose checksums and hashes are right again. The rounds are the same in every run, unless FERRY_TEST_SEED says another first one; a failure prints the seed that repeats it.
/// </summary>
[Collection(FuzzCollection.Name)]
public sealed class HiveMutationTests
{
    private const int Rounds = 1500;
    private const int LongFactor = 25;
    private const long MostMemory = 256 << 20;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    [Theory]
    [InlineData(3)]
    [InlineData(5)]
    public void Open_DamagedHive_NeverFailsInAnotherWay(int minor) => RunHive(Seeds.Hive(minor), Rounds);

    [Fact]
    public void Open_DamagedStore_NeverFailsInAnotherWay() => Run(Seeds.Bcd(), Rounds, Mend, HiveTargets.RunBcd);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Open_DamagedLogs_NeverFailInAnotherWay(bool isOld) => RunLogs(isOld, Rounds);

    [Theory]
    [InlineData(Samples.BootStore)]
    [InlineData(Samples.Yarp + "StringValuesHive.gz")]
    [InlineData(Samples.Yarp + "NewDirtyHive1/RecoveredHive_Windows10.gz")]
    public async Task Open_DamagedSample_NeverFailsInAnotherWay(string name) => RunHive(await Samples.ReadAsync(name), Rounds / 5);

    [Theory]
    [Trait("Tier", "all")]
    [InlineData(3)]
    [InlineData(5)]
    public void Open_DamagedHiveInManyRounds_NeverFailsInAnotherWay(int minor) => RunHive(Seeds.Hive(minor), Rounds * LongFactor);

    [Theory]
    [Trait("Tier", "all")]
    [InlineData(false)]
    [InlineData(true)]
    public void Open_DamagedLogsInManyRounds_NeverFailInAnotherWay(bool isOld) => RunLogs(isOld, Rounds * LongFactor);

    [Theory]
    [Trait("Tier", "all")]
    [InlineData(Samples.BootStore)]
    [InlineData(Samples.Yarp + "BigDataHive.gz")]
    [InlineData(Samples.Yarp + "ManySubkeysHive.gz")]
    [InlineData(Samples.Regipy + "NTUSER.DAT.xz")]
    public async Task Open_DamagedSampleInManyRounds_NeverFailsInAnotherWay(string name) => RunHive(await Samples.ReadAsync(name), Rounds);

    private static void RunHive(byte[] seed, int rounds) => Run(seed, rounds, Mend, HiveTargets.RunHive);

    private static void RunLogs(bool isOld, int rounds)
    {
        var v = Versions.Of(4, isOld ? 3 : 5);
        var hive = LogBuilder.Dirty(v[1], 8, 7);
        var log = isOld ? LogBuilder.Old(v[1], v[2], 8) : LogBuilder.New(7, v[1], v[2], v[3]);
        Run(log, rounds, MendLog, bytes => HiveTargets.RunLogs((byte[])hive.Clone(), bytes));
        Run(hive, rounds / 4, bytes => LogBuilderMend(bytes, 8, 7), bytes => HiveTargets.RunLogs(bytes, log));
    }

    private static void Run(byte[] seed, int rounds, Action<byte[]> mend, Action<byte[]> run)
    {
        // As it is it can be used, or the rounds show nothing.
        run((byte[])seed.Clone());
        var mutation = new Mutation(seed);
        var refused = 0;
        var first = int.TryParse(Environment.GetEnvironmentVariable("FERRY_TEST_SEED"), CultureInfo.InvariantCulture, out var given) ? given : 20_261;
        for (var round = 0; round < rounds; round++)
        {
            var what = $"FERRY_TEST_SEED={first + round} repeats it in its first round";
            var bytes = mutation.Apply(new Random(unchecked((int)((uint)(first + round) * 0x9E3779B9))));
            mend(bytes);
            var started = Stopwatch.GetTimestamp();
            var allocated = GC.GetTotalAllocatedBytes();
            try
            {
                run(bytes);
            }
            catch (HiveException)
            {
                // The documented outcome.
                refused++;
            }
            catch (Exception e)
            {
                Assert.Fail($"{what}: {e}");
            }

            Assert.True(GC.GetTotalAllocatedBytes() - allocated < MostMemory, $"{what}: {(GC.GetTotalAllocatedBytes() - allocated) >> 20} MiB were allocated.");
            Assert.True(Stopwatch.GetElapsedTime(started) < Limit, $"{what}: it took {Stopwatch.GetElapsedTime(started)}.");
        }

        // Damage that is never or always noticed would show that it does not get where it should.
        TestContext.Current.TestOutputHelper?.WriteLine($"{refused} of {rounds} were refused");
        Assert.InRange(refused, rounds / 50, rounds * 49 / 50);
    }

    private static void Mend(byte[] bytes)
    {
        if (bytes.Length >= 512)
        {
            var header = new BaseBlock(bytes);
            header.Sequence2 = header.Sequence1;
            header.SetChecksum();
        }
    }

    private static void LogBuilderMend(byte[] bytes, uint sequence1, uint sequence2)
    {
        if (bytes.Length >= 512)
        {
            LogBuilder.Mend(bytes, sequence1, sequence2, 0);
        }
    }

    private static void MendLog(byte[] bytes)
    {
        Mend(bytes);
        for (var at = LogEntry.Sector; at <= bytes.Length - LogEntry.Sector; at += LogEntry.Sector)
        {
            var entry = bytes.AsSpan(at);
            if (entry.StartsWith("HvLE"u8))
            {
                var size = BitConverter.ToUInt32(entry[4..]);
                LogBuilder.Seal(size >= 40 && size <= entry.Length ? entry[..(int)size] : entry);
            }
        }
    }
}
