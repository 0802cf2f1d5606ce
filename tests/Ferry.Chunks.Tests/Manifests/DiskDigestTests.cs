using Ferry.Chunks.Manifests;
using Ferry.Chunks.Store;
using Ferry.Chunks.Tests.Support;

namespace Ferry.Chunks.Tests.Manifests;

/// <summary>The expected values come from digest-vectors.py.</summary>
public sealed class DiskDigestTests
{
    private const int C = TestManifests.ChunkSize;
    private static readonly byte[] Pattern = [.. Enumerable.Range(0, C).Select(i => (byte)(i % 251))];
    private readonly ManifestStore store = new(new MemoryStore());
    private readonly CancellationToken token = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Compute_Vectors_MatchTheIndependentCalculation()
    {
        Assert.Equal("6b265437c568775766e5c1d62535152f18b3f5d41570e98f377cc0a1684e5aee", await DigestAsync([], 0));
        Assert.Equal("b42e2d563985b31ea7c4972aa73ffb83314714a9be0ecd784b9811924834ce85", await DigestAsync([new(ChunkState.Unused), default, default], 1000));
        Assert.Equal(
            "c7d526bd90edd873f8a3046b93918eacd5bd9442da85932102243425a360783e",
            await DigestAsync([default, TestManifests.Stored(Pattern), new(ChunkState.Unused), new(ChunkState.OriginHashed, ChunkId.Of(Pattern.AsSpan(0, C - 1000)))], 1000));
        byte[] last = new byte[C];
        last[^1] = 7;
        Assert.Equal("c5274e95d08df1c6ac403fbb4f1870024d67f44c28ec079ef7ff32d29e5e9cfd", await DigestAsync([.. Enumerable.Repeat(default(ManifestEntry), 1499), TestManifests.Stored(last)], 0));
    }

    [Fact]
    public async Task Compute_PlainOrigin_IsRefused()
    {
        var error = await Assert.ThrowsAsync<ChunkStoreException>(() => DigestAsync([default, new(ChunkState.Origin)], 0));
        Assert.Equal(ChunkStoreErrors.NotHashed, error.Code);
    }

    [Fact]
    public void Complete_ChunksMissingOrTooMany_Throws()
    {
        using var digest = new DiskDigest(2 * C, C);
        digest.AppendZeros(1);
        Assert.Throws<InvalidOperationException>(digest.Complete);
        Assert.Throws<InvalidOperationException>(() => digest.AppendZeros(2));
        digest.Append(ChunkId.Of(Pattern));
        Assert.Throws<InvalidOperationException>(() => digest.Append(default));
        Assert.Equal(64, digest.Complete().Length);
    }

    private async Task<string> DigestAsync(ManifestEntry[] entries, int missing) =>
        await ManifestDigest.ComputeAsync(await store.OpenAsync(await TestManifests.WriteAsync(store, entries, missing), token), token);
}
