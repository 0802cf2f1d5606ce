using Ferry.Chunks.Store;
using Ferry.Chunks.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace Ferry.Chunks.Tests.Store;

public sealed class StoreSpaceTests : IDisposable
{
    private readonly TempFolder folder = new();
    private readonly FakeTimeProvider time = new(TimeProvider.System.GetUtcNow());
    private readonly CancellationToken token = TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Put_BeyondTheQuota_IsRefusedAndGoesOnWhenThereIsRoom()
    {
        using FolderChunkStore store = Open(new FolderChunkStoreOptions { QuotaBytes = 250_000 });
        (ChunkId first, _) = await store.PutAsync(TestBytes.Random(100_000, 1), token);
        await store.PutAsync(TestBytes.Random(100_000, 2), token);
        await store.FlushAsync(token);

        await AssertFullAsync(store);
        Assert.False((await store.PutAsync(TestBytes.Random(100_000, 1), token)).Added);
        await store.DeleteAsync(first, null, token);
        time.Advance(TimeSpan.FromSeconds(2));

        Assert.True((await store.PutAsync(TestBytes.Random(100_000, 3), token)).Added);
        time.Advance(TimeSpan.FromSeconds(2));
        await store.FlushAsync(token);
        await AssertFullAsync(store);
    }

    [Fact]
    public async Task Put_AnotherProcessFilledTheQuota_IsRefusedAfterTheNextCount()
    {
        using FolderChunkStore store = Open(new FolderChunkStoreOptions { QuotaBytes = 250_000 });
        await store.PutAsync(TestBytes.Random(1000, 1), token);
        using FolderChunkStore other = Open(new FolderChunkStoreOptions());
        await other.PutAsync(TestBytes.Random(200_000, 2), token);
        await other.FlushAsync(token);
        time.Advance(TimeSpan.FromMinutes(1));

        await AssertFullAsync(store);
    }

    [Fact]
    public async Task Put_LessThanTheReserveIsFree_IsRefused()
    {
        using FolderChunkStore store = Open(new FolderChunkStoreOptions { ReserveBytes = long.MaxValue / 2 });

        await AssertFullAsync(store);
        Assert.Empty(Directory.GetFiles(folder["incoming"], "?", SearchOption.AllDirectories));
    }

    private FolderChunkStore Open(FolderChunkStoreOptions options) => new(folder.Path, options, time);

    private async Task AssertFullAsync(FolderChunkStore store)
    {
        var error = await Assert.ThrowsAsync<ChunkStoreException>(async () => await store.PutAsync(TestBytes.Random(100_000, 9), token));
        Assert.Equal(ChunkStoreErrors.Full, error.Code);
    }
}
