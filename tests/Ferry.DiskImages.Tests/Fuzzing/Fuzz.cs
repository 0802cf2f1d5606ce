using System.Diagnostics;
using System.Globalization;
using Xunit;

namespace Ferry.DiskImages.Tests.Fuzzing;

/// <summary>
/// Rounds of damaged input. Each has a seed of its own, always the same ones unless FERRY_TEST_SEED names the first; a failure prints the seed that makes its round the first.
/// The outcome is a result, or an exception that says what is wrong with the image, within a time and with an amount of memory that no input can raise.
/// </summary>
internal static class Fuzz
{
    /// <summary>Rounds of the tests of Tier=all are so many times those of the quick ones.</summary>
    public const int LongFactor = 25;

    /// <summary>Most memory that a round may allocate in all, the bytes of what it reads included.</summary>
    public const long MostMemory = 256 << 20;

    private const int FixedSeed = 20_261;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    /// <summary>The seed of the first round.</summary>
    public static int FirstSeed { get; } =
        int.TryParse(Environment.GetEnvironmentVariable("FERRY_TEST_SEED"), CultureInfo.InvariantCulture, out var given) ? given : FixedSeed;

    /// <summary>The randomness of a seed; neighbouring seeds have nothing in common.</summary>
    public static Random RandomOf(int seed) => new(unchecked((int)((uint)seed * 0x9E3779B9)));

    /// <summary>Runs rounds.</summary>
    /// <param name="rounds">How many.</param>
    /// <param name="prepare">Makes the input of a round; is not measured.</param>
    /// <param name="run">Reads it; is cancelled when the time is over, so that the failure says where it was.</param>
    public static async Task RunAsync<T>(int rounds, Func<Random, T> prepare, Func<T, CancellationToken, Task> run)
    {
        for (var round = 0; round < rounds; round++)
        {
            var seed = unchecked(FirstSeed + round);
            var what = $"FERRY_TEST_SEED={seed} repeats it in its first round";
            var input = prepare(RandomOf(seed));
            var started = Stopwatch.GetTimestamp();
            var allocated = GC.GetTotalAllocatedBytes();
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
            stop.CancelAfter(Limit);
            try
            {
                await run(input, stop.Token);
            }
            catch (Exception e) when (e is InvalidDiskImageException or UnsupportedDiskImageException)
            {
                // The documented outcome for an image that cannot be read.
            }
            catch (Exception e)
            {
                Assert.Fail($"{what}: {e}");
            }

            allocated = GC.GetTotalAllocatedBytes() - allocated;
            Assert.True(allocated < MostMemory, $"{what}: {allocated >> 20} MiB were allocated.");
            Assert.True(Stopwatch.GetElapsedTime(started) < Limit, $"{what}: it took {Stopwatch.GetElapsedTime(started)}.");
        }
    }

    /// <summary>Runs rounds of what needs no waiting.</summary>
    public static Task RunAsync<T>(int rounds, Func<Random, T> prepare, Action<T> run) => RunAsync(rounds, prepare, (input, _) =>
    {
        run(input);
        return Task.CompletedTask;
    });
}
