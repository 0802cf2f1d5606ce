using Ferry.Chunks.Collection;
using Ferry.Chunks.Manifests;
using Ferry.Chunks.Store;
using Ferry.Chunks.Tests.Support;

namespace Ferry.Chunks.Tests.Collection;

public sealed class ClonesTests : IDisposable
{
    private const int Chunks = 500;
    private readonly TempFolder folder = new();
    private readonly CancellationToken token = TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task TenClonesOfATemplate_EachOtherIn2Percent_TakeAtMost125PercentOfOne()
    {
        using FolderChunkStore store = new(folder.Path);
        var manifests = new ManifestStore(store);
        var marker = new ChunkMarker(manifests);
        await marker.MarkAsync(await CloneAsync(manifests, 0), token);
        long one = (await store.GetStatsAsync(token)).StoredBytes;
        for (int clone = 1; clone < 10; clone++)
        {
            await marker.MarkAsync(await CloneAsync(manifests, clone), token);
        }

        ChunkStoreStats stats = await store.GetStatsAsync(token);
        double share = (double)stats.StoredBytes / one;
        TestContext.Current.SendDiagnosticMessage($"One machine: {one} bytes; ten clones: {stats.StoredBytes} bytes, {share:0.000} of one");

        Assert.InRange(share, 1.0, 1.25);
        Assert.Equal(10L * Chunks * TestManifests.ChunkSize, marker.Marked.ReferencedBytes);
    }

    /// <summary>Half of the template compresses; a clone differs from it in 2 % of its chunks, at places of its own.</summary>
    private async Task<ChunkId> CloneAsync(ManifestStore manifests, int clone)
    {
        HashSet<int> others = clone == 0 ? [] : [.. Enumerable.Range(0, Chunks * 2 / 100).Select(i => (i * 47 + clone * 5) % Chunks)];
        Assert.Equal(clone == 0 ? 0 : Chunks * 2 / 100, others.Count);
        var entries = new List<ManifestEntry>();
        for (int i = 0; i < Chunks; i++)
        {
            int seed = others.Contains(i) ? ((clone + 1) * 100_000) + i : i;
            byte[] data = i % 2 == 0 ? TestBytes.Random(TestManifests.ChunkSize, seed) : TestBytes.Text(TestManifests.ChunkSize, seed);
            await manifests.Chunks.PutAsync(data, token);
            entries.Add(TestManifests.Stored(data));
        }

        return await TestManifests.WriteAsync(manifests, entries);
    }
}
