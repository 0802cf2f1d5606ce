using Ferry.Chunks.Manifests;
using Ferry.Cleanup.Store;

namespace Ferry.Cleanup.Tests.Store;

public sealed class StoreVerificationTests : IDisposable
{
    private readonly StoreCare care = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => care.Dispose();

    [Fact]
    public async Task Run_SoundStore_ReadsEveryChunk()
    {
        await care.DiskAsync(1, chunks: 40);

        var task = await care.RunAsync(StoreTaskKind.Verification);

        Assert.Equal((StoreTaskState.Done, 42, 0), (task.State, task.Verified!.Chunks, task.Verified.CorruptChunks));
    }

    [Fact]
    public async Task Run_DamagedChunks_AreListedAndSetAside()
    {
        var root = await care.DiskAsync(1, chunks: 40);
        var manifest = await care.Manifests.OpenAsync(root, Token);
        var damaged = new[] { (await manifest.GetAsync(3, Token)).Id, (await manifest.GetAsync(17, Token)).Id };
        Array.ForEach(damaged, care.Damage);

        var first = await care.RunAsync(StoreTaskKind.Verification);
        var second = await care.RunAsync(StoreTaskKind.Verification);

        Assert.Equal(damaged.Order().Select(id => id.ToString()), first.Verified!.Corrupt);
        Assert.Equal((2, 42), (first.Verified.CorruptChunks, first.Verified.Chunks));
        Assert.Equal((0, 40), (second.Verified!.CorruptChunks, second.Verified.Chunks));
        Assert.Equal(2, (await care.Chunks.GetStatsAsync(Token)).CorruptChunks);
    }
}
