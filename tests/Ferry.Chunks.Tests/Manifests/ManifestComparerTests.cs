using Ferry.Chunks.Manifests;
using Ferry.Chunks.Tests.Support;

namespace Ferry.Chunks.Tests.Manifests;

public sealed class ManifestComparerTests
{
    private const int C = TestManifests.ChunkSize;
    private static readonly ManifestEntry A = TestManifests.Stored([1]);
    private static readonly ManifestEntry B = TestManifests.Stored([2]);
    private static readonly ManifestEntry Zero = new(ChunkState.Zero);
    private static readonly ManifestEntry Unused = new(ChunkState.Unused);
    private static readonly ManifestEntry Origin = new(ChunkState.Origin);
    private readonly ManifestStore store = new(new MemoryStore());
    private readonly CancellationToken token = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Compare_Entries_GivesTheRangesThatDiffer()
    {
        ManifestEntry hashedA = new(ChunkState.OriginHashed, A.Id);
        ManifestEntry storedZeros = TestManifests.Stored(new byte[C]);
        ManifestEntry storedShortZeros = TestManifests.Stored(new byte[C - 10]);
        Assert.Equal([], await CompareAsync([Zero, Unused, A, hashedA, Origin, hashedA], [Unused, Zero, hashedA, A, Origin, Origin]));
        Assert.Equal([new(1, 2), new(4, 1)], await CompareAsync([A, A, Zero, B, Origin, B], [A, B, A, B, A, B]));
        Assert.Equal([], await CompareAsync([storedZeros, Zero], [Zero, storedShortZeros]));
        Assert.Equal([new(1, 1)], await CompareAsync([A, storedZeros], [A, Zero]));
    }

    [Fact]
    public async Task Compare_OtherOrigin_OriginEntriesDiffer()
    {
        Assert.Equal([new(0, 1)], await CompareAsync([Origin, A], [Origin, A], TestManifests.Origin("other.vmdk")));
    }

    [Fact]
    public async Task Compare_OverPages_JoinsRangesAndSkipsEqualPages()
    {
        const int P = ManifestHeader.EntriesPerPage;
        ManifestEntry[] left = new ManifestEntry[(3 * P) + 5];
        ManifestEntry[] right = [.. left];
        right[P - 1] = A;
        right[P] = B;
        right[^1] = A;
        Assert.Equal([new(P - 1, 2), new((3 * P) + 4, 1)], await CompareAsync(left, right));
    }

    [Fact]
    public async Task Compare_OtherSize_IsRefused() =>
        await Assert.ThrowsAsync<ArgumentException>(async () => await ManifestComparer.CompareAsync(
            await store.OpenAsync(await TestManifests.WriteAsync(store, [A]), token), await store.OpenAsync(await TestManifests.WriteAsync(store, [A, A]), token), token).ToListAsync(token));

    private async Task<List<ChunkRange>> CompareAsync(ManifestEntry[] left, ManifestEntry[] right, ManifestOrigin? rightOrigin = null) =>
        await ManifestComparer.CompareAsync(
            await store.OpenAsync(await TestManifests.WriteAsync(store, left, 10), token),
            await store.OpenAsync(await TestManifests.WriteAsync(store, right, 10, rightOrigin), token),
            token).ToListAsync(token);
}
