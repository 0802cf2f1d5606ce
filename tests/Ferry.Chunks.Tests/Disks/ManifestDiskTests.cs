using Ferry.Chunks.Disks;
using Ferry.Chunks.Manifests;
using Ferry.Chunks.Store;
using Ferry.Chunks.Tests.Support;
using Ferry.DiskImages;

namespace Ferry.Chunks.Tests.Disks;

public sealed class ManifestDiskTests
{
    private const int C = TestManifests.ChunkSize;
    private readonly MemoryStore chunks = new();
    private readonly ManifestStore store;
    private readonly CancellationToken token = TestContext.Current.CancellationToken;

    public ManifestDiskTests() => store = new ManifestStore(chunks);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Read_AnyRangesAtOnce_EqualTheDisk(int seed)
    {
        (ChunkId root, byte[] bytes, MemoryImage image) = await TestManifests.MixedDiskAsync(store, seed, 40, 777);
        var opener = new TestManifests.Opener(image);
        await using var disk = new ManifestDisk(store, await store.OpenAsync(root, token), opener, new ManifestDiskOptions { CacheBytes = 3 * C });
        await Parallel.ForEachAsync(Enumerable.Range(0, 600), token, async (i, ct) =>
        {
            var random = new Random((seed * 1000) + i);
            int offset = random.Next(bytes.Length + 1);
            byte[] buffer = new byte[Math.Min(random.Next(3 * C), bytes.Length - offset)];
            await disk.ReadAsync(offset, buffer, ct);
            Assert.True(bytes.AsSpan(offset, buffer.Length).SequenceEqual(buffer));
        });
        Assert.Equal(1, opener.Opened);
        byte[] whole = new byte[bytes.Length];
        await disk.ReadAsync(0, whole, token);
        Assert.Equal(bytes, whole);
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await disk.ReadAsync(1, whole, token));
    }

    [Fact]
    public async Task Read_OriginThatChangedBehindItsHash_IsSourceChanged()
    {
        byte[] bytes = TestBytes.Random(2 * C, 1);
        ChunkId root = await TestManifests.WriteAsync(store, [new(ChunkState.OriginHashed, ChunkId.Of(bytes.AsSpan(0, C))), new(ChunkState.Origin)]);
        var image = new MemoryImage([.. bytes]);
        await using var disk = new ManifestDisk(store, await store.OpenAsync(root, token), new TestManifests.Opener(image));
        await disk.ReadAsync(0, new byte[2 * C], token);
        image.Bytes[5] ^= 1;
        var error = await Assert.ThrowsAnyAsync<DiskImageException>(async () => await disk.ReadAsync(0, new byte[2 * C], token));
        Assert.Equal(DiskImageErrors.SourceChanged, error.Code);
    }

    [Fact]
    public async Task Read_OriginOfAnotherSize_IsSourceChanged()
    {
        ChunkId root = await TestManifests.WriteAsync(store, [new(ChunkState.Origin)]);
        await using var disk = new ManifestDisk(store, await store.OpenAsync(root, token), new TestManifests.Opener(new MemoryImage(new byte[C - 1])));
        var error = await Assert.ThrowsAnyAsync<DiskImageException>(async () => await disk.ReadAsync(0, new byte[1], token));
        Assert.Equal(DiskImageErrors.SourceChanged, error.Code);
    }

    [Fact]
    public async Task Read_ChunkMissingThenMended_FailsThenSucceeds()
    {
        byte[] bytes = TestBytes.Random(C, 1);
        ChunkId root = await TestManifests.WriteAsync(store, [TestManifests.Stored(bytes)]);
        await using var disk = new ManifestDisk(store, await store.OpenAsync(root, token), new TestManifests.Opener(new MemoryImage([])));
        var error = await Assert.ThrowsAsync<ChunkStoreException>(async () => await disk.ReadAsync(5, new byte[10], token));
        Assert.Equal(ChunkStoreErrors.Missing, error.Code);
        await chunks.PutAsync(bytes, token);
        byte[] buffer = new byte[10];
        await disk.ReadAsync(5, buffer, token);
        Assert.Equal(bytes[5..15], buffer);
    }

    [Fact]
    public async Task Read_ChunkOfWrongLength_IsBadManifest()
    {
        (ChunkId id, _) = await chunks.PutAsync(new byte[] { 1, 2, 3 }, token);
        ChunkId root = await TestManifests.WriteAsync(store, [new(ChunkState.Stored, id)]);
        await using var disk = new ManifestDisk(store, await store.OpenAsync(root, token), new TestManifests.Opener(new MemoryImage([])));
        foreach (int length in new[] { 10, C })
        {
            var error = await Assert.ThrowsAsync<ChunkStoreException>(async () => await disk.ReadAsync(0, new byte[length], token));
            Assert.Equal(ChunkStoreErrors.BadManifest, error.Code);
        }
    }

    [Fact]
    public async Task Extents_ComeFromTheEntriesClippedAndJoined()
    {
        ManifestEntry s = TestManifests.Stored([1]);
        ChunkId root = await TestManifests.WriteAsync(store, [default, default, s, new(ChunkState.Origin), new(ChunkState.Unused), s], 100);
        await using var disk = new ManifestDisk(store, await store.OpenAsync(root, token), new TestManifests.Opener(new MemoryImage([])));
        Assert.Equal(
            [new(10, (2 * C) - 10, ExtentKind.Zero), new(2 * C, 2 * C, ExtentKind.Data), new(4 * C, C, ExtentKind.Unallocated), new(5 * C, C - 101, ExtentKind.Data)],
            await disk.GetExtentsAsync(10, (6 * C) - 111, token).ToListAsync(token));
        Assert.Equal([new(7, 1, ExtentKind.Zero)], await disk.GetExtentsAsync(7, 1, token).ToListAsync(token));
        Assert.Empty(await disk.GetExtentsAsync(7, 0, token).ToListAsync(token));
    }
}
