using System.Collections.Concurrent;
using Ferry.Chunks.Collection;
using Ferry.Chunks.Manifests;
using Ferry.Chunks.Store;
using Ferry.Chunks.Tests.Support;

namespace Ferry.Chunks.Tests.Collection;

public sealed class CollectionTests : IDisposable
{
    private readonly TempFolder folder = new();
    private readonly CancellationToken token = TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Mark_SeveralManifests_HoldsWhatEachNeedsAndNothingElse()
    {
        using FolderChunkStore store = new(folder.Path);
        var manifests = new ManifestStore(store);
        byte[] shared = TestBytes.Random(TestManifests.ChunkSize, 1);
        byte[] own = TestBytes.Random(TestManifests.ChunkSize, 2);
        byte[] atOrigin = TestBytes.Random(TestManifests.ChunkSize, 3);
        foreach (byte[] chunk in new[] { shared, own, atOrigin })
        {
            await store.PutAsync(chunk, token);
        }

        ChunkId one = await TestManifests.WriteAsync(manifests, [TestManifests.Stored(shared), TestManifests.Stored(shared), new(ChunkState.Zero)]);
        ChunkId two = await TestManifests.WriteAsync(
            manifests, [TestManifests.Stored(own), new(ChunkState.OriginHashed, ChunkId.Of(atOrigin)), TestManifests.Stored(shared)], missing: 100);
        var marker = new ChunkMarker(manifests);
        await marker.MarkAsync(one, token);
        await marker.MarkAsync(two, token);
        await marker.MarkAsync(one, token);

        MarkedChunks marked = marker.Marked;

        Assert.Equal(2, marked.Manifests);
        Assert.Equal((4 * TestManifests.ChunkSize) - 100, marked.ReferencedBytes);
        Assert.True(marked.Live.Contains(one) && marked.Live.Contains(two) && marked.Live.Contains(ChunkId.Of(shared)) && marked.Live.Contains(ChunkId.Of(own)));
        Assert.False(marked.Live.Contains(ChunkId.Of(atOrigin)));
        Assert.Equal(6, marked.Live.Count);
    }

    [Fact]
    public async Task Sweep_OldAndYoungGarbage_OnlyTheOldGoesAndADryRunKeepsAll()
    {
        using FolderChunkStore store = new(folder.Path);
        var manifests = new ManifestStore(store);
        byte[] live = TestBytes.Random(TestManifests.ChunkSize, 1);
        await store.PutAsync(live, token);
        (ChunkId old, _) = await store.PutAsync(TestBytes.Random(5000, 2), token);
        (ChunkId young, _) = await store.PutAsync(TestBytes.Random(6000, 3), token);
        ChunkId root = await TestManifests.WriteAsync(manifests, [TestManifests.Stored(live)]);
        DateTimeOffset now = await store.BeginCollectionAsync(token);
        await AgeAsync(store, chunk => chunk != young, now.AddHours(-30));

        SweptChunks dry = await CollectAsync(store, [root], now.AddHours(-24), dryRun: true);
        SweptChunks swept = await CollectAsync(store, [root], now.AddHours(-24));

        Assert.Equal(dry, swept);
        Assert.Equal((2, 1), (swept.GarbageChunks, swept.CollectedChunks));
        Assert.Equal(5016, swept.CollectedBytes);
        Assert.False(await store.ContainsAsync(old, token));
        Assert.True(await store.ContainsAsync(young, token));
        Assert.True(await ManifestPresence.ClaimAsync(manifests, root, token));
    }

    [Fact]
    public async Task Mark_RootOrPageIsMissing_NothingMayBeSwept()
    {
        using FolderChunkStore store = new(folder.Path);
        var manifests = new ManifestStore(store);
        ChunkId root = await TestManifests.WriteAsync(manifests, [new(ChunkState.Zero)]);
        ChunkId page = (await manifests.OpenAsync(root, token)).Header.Pages[0];
        await store.DeleteAsync(page, null, token);

        var error = await Assert.ThrowsAsync<ChunkStoreException>(async () => await new ChunkMarker(manifests).MarkAsync(root, token));

        Assert.Equal(ChunkStoreErrors.Missing, error.Code);
        Assert.False(await ManifestPresence.ClaimAsync(manifests, root, token));
    }

    /// <summary>
    /// Workers store, ask for and prove chunks as slices do, drop what they proved before, and two collectors with a grace period of little more than such a slice
    /// takes collect all the while, one with marks that it took long ago. Nothing that is proven is ever lost, and garbage does go.
    /// </summary>
    [Fact]
    public async Task Collect_AgainAndAgainBesideWriters_LosesNothingThatIsProven()
    {
        TimeSpan grace = TimeSpan.FromMilliseconds(1500);
        TimeSpan slice = TimeSpan.FromMilliseconds(700);
        var options = new FolderChunkStoreOptions { TouchAfter = TimeSpan.Zero };
        byte[][] pool = [.. Enumerable.Range(0, 40).Select(i => TestBytes.Random(2000, i))];
        var proven = new ConcurrentDictionary<(int Worker, int Chunk), bool>();
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(token);
        ended.CancelAfter(TimeSpan.FromSeconds(5));
        long collected = 0;
        int proofs = 0;

        async Task WorkAsync(int worker)
        {
            using FolderChunkStore store = new(folder.Path, options);
            var random = new Random(worker);
            byte[] buffer = new byte[4000];
            while (!ended.IsCancellationRequested)
            {
                long began = TimeProvider.System.GetTimestamp();
                int[] chunks = [.. Enumerable.Range(0, 3).Select(_ => random.Next(pool.Length))];
                foreach (int chunk in chunks)
                {
                    if (random.Next(2) == 0 || !await store.ContainsAsync(ChunkId.Of(pool[chunk]), token))
                    {
                        await store.PutAsync(pool[chunk], token);
                    }
                }

                await store.FlushAsync(token);
                await Task.Delay(random.Next(300), token);
                if (TimeProvider.System.GetElapsedTime(began) > slice)
                {
                    continue; // Fenced off: it took too long, so it is not proven.
                }

                foreach (int chunk in chunks)
                {
                    proven[(worker, chunk)] = true;
                    proofs++;
                }

                foreach ((int Worker, int Chunk) key in proven.Keys.Where(key => key.Worker == worker))
                {
                    int length = await store.ReadAsync(ChunkId.Of(pool[key.Chunk]), buffer, token);
                    Assert.Equal(pool[key.Chunk], buffer[..length]);
                }

                foreach ((int Worker, int Chunk) key in proven.Keys.Where(key => key.Worker == worker && random.Next(3) == 0))
                {
                    proven.TryRemove(key, out _);
                }
            }
        }

        async Task CollectLoopAsync(TimeSpan pause)
        {
            using FolderChunkStore store = new(folder.Path, options);
            while (!ended.IsCancellationRequested)
            {
                DateTimeOffset now = await store.BeginCollectionAsync(token);
                var live = new LiveChunks();
                foreach ((int _, int chunk) in proven.Keys)
                {
                    live.Add(ChunkId.Of(pool[chunk]));
                }

                await Task.Delay(pause, token);
                Interlocked.Add(ref collected, (await new ChunkSweeper(store, live, now - grace, dryRun: false).SweepAsync(token)).CollectedChunks);
            }
        }

        await Task.WhenAll(
            Task.Run(() => WorkAsync(1), token),
            Task.Run(() => WorkAsync(2), token),
            Task.Run(() => CollectLoopAsync(TimeSpan.Zero), token),
            Task.Run(() => CollectLoopAsync(TimeSpan.FromSeconds(2)), token));

        Assert.True(collected > 0, "Nothing was ever collected: nothing was tested.");
        Assert.True(proofs > 0, "Nothing was ever proven: nothing was tested.");
    }

    private static async Task<SweptChunks> CollectAsync(FolderChunkStore store, ChunkId[] roots, DateTimeOffset cutOff, bool dryRun = false)
    {
        var marker = new ChunkMarker(new ManifestStore(store));
        foreach (ChunkId root in roots)
        {
            await marker.MarkAsync(root);
        }

        return await new ChunkSweeper(store, marker.Marked.Live, cutOff, dryRun).SweepAsync();
    }

    private async Task AgeAsync(FolderChunkStore store, Func<ChunkId, bool> which, DateTimeOffset to)
    {
        await foreach (StoredChunk chunk in store.EnumerateAsync(token))
        {
            if (which(chunk.Id))
            {
                string name = chunk.Id.ToString();
                File.SetLastWriteTimeUtc(folder[$"chunks/{name[..2]}/{name[2..4]}/{name}"], to.UtcDateTime);
            }
        }
    }
}
