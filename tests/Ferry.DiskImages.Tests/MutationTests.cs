using Ferry.DiskImages.Tests.Fuzzing;
using Ferry.DiskImages.Tests.Support;
using Xunit;

namespace Ferry.DiskImages.Tests;

/// <summary>Damaged images give a result, or an exception that says what is wrong with them, in bounded time and memory.</summary>
[Collection(FuzzCollection.Name)]
public sealed class MutationTests : IDisposable
{
    private const int Rounds = 60;

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(ImageSeeds.Names), MemberType = typeof(ImageSeeds))]
    public async Task Open_DamagedImage_NeverFailsInAnotherWay(string seed) => await (await ImageSeeds.MakeAsync(seed, _folder)).RunAsync(Rounds);

    [Theory]
    [Trait("Tier", "all")]
    [MemberData(nameof(ImageSeeds.Names), MemberType = typeof(ImageSeeds))]
    public async Task Open_DamagedImageInManyRounds_NeverFailsInAnotherWay(string seed) => await (await ImageSeeds.MakeAsync(seed, _folder)).RunAsync(Rounds * Fuzz.LongFactor);
}
