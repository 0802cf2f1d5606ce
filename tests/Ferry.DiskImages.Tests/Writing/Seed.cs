using System.Globalization;
using Xunit;

namespace Ferry.DiskImages.Tests.Writing;

/// <summary>Randomness that can be repeated: the seed is in the output of the test; FERRY_TEST_SEED sets it.</summary>
internal static class Seed
{
    public static Random New()
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable("FERRY_TEST_SEED"), CultureInfo.InvariantCulture, out var given) ? given : Random.Shared.Next();
        TestContext.Current.TestOutputHelper?.WriteLine($"FERRY_TEST_SEED={seed}");
        return new Random(seed);
    }
}
