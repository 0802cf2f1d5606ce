using Ferry.Chunks.Manifests;
using Ferry.Chunks.Store;
using Ferry.Chunks.Tests.Support;
using Ferry.DiskImages;
using FsCheck.Xunit;

namespace Ferry.Chunks.Tests.Manifests;

public sealed class ManifestTests
{
    private readonly MemoryStore chunks = new();
    private readonly ManifestStore store;
    private readonly CancellationToken token = TestContext.Current.CancellationToken;

    public ManifestTests() => store = new ManifestStore(chunks);

    public static TheoryData<ChunkState> States => [.. Enum.GetValues<ChunkState>()];

    [Theory]
    [MemberData(nameof(States))]
    public async Task RoundTrip_OneStateOverSeveralPages_IsTheSame(ChunkState state)
    {
        const int Count = (2 * ManifestHeader.EntriesPerPage) + 17;
        ManifestEntry[] entries = [.. Enumerable.Range(0, Count).Select(i => new ManifestEntry(state, state.HasId() ? ChunkId.Of(BitConverter.GetBytes(i)) : default))];
        await AssertRoundTripAsync(entries, 5);
    }

    [Fact]
    public async Task RoundTrip_AlternatingStates_IsTheSame()
    {
        ManifestEntry[] entries = [.. Enumerable.Range(0, ManifestHeader.EntriesPerPage + 3).Select(i => (i & 1) == 0 ? TestManifests.Stored([1, 2]) : new ManifestEntry(ChunkState.OriginHashed, ChunkId.Of([3])))];
        await AssertRoundTripAsync(entries, 0);
    }

    [Property(MaxTest = 40)]
    public async Task RoundTrip_AnyEntries_IsTheSameAndDeterministic(byte[] states, ushort missing)
    {
        ManifestEntry[] entries = [.. states.Select((s, i) => ((ChunkState)(s % 5)).HasId() ? new ManifestEntry((ChunkState)(s % 5), ChunkId.Of([s, (byte)i])) : new ManifestEntry((ChunkState)(s % 5)))];
        await AssertRoundTripAsync(entries, entries.Length == 0 ? 0 : missing);
    }

    [Fact]
    public async Task Write_EmptyDiskOf64Tebibytes_TakesAPageAndARoot()
    {
        using ManifestWriter writer = store.CreateWriter(64L << 40, ManifestHeader.DefaultChunkSize, 512, TestManifests.Origin());
        await writer.AppendRunAsync(new ManifestEntry(ChunkState.Zero), writer.ChunkCount, token);
        ManifestReader reader = await store.OpenAsync(await writer.CompleteAsync(token), token);
        Assert.Equal(2, chunks.Chunks.Count);
        Assert.Null(reader.Header.Origin);
        Assert.Equal(1024, reader.Header.Pages.Count);
        Assert.Equal(64L << 20, await reader.ReadRunsAsync(token).Select(r => r.Count).SumAsync(token));
        Assert.Equal(64, (await ManifestDigest.ComputeAsync(reader, token)).Length);
    }

    [Fact]
    public async Task Write_WrongEntries_AreRefused()
    {
        using ManifestWriter writer = store.CreateWriter(3 * TestManifests.ChunkSize, TestManifests.ChunkSize, 512, null);
        await Assert.ThrowsAsync<ArgumentException>(async () => await writer.AppendAsync(new ManifestEntry(ChunkState.Origin), token));
        await Assert.ThrowsAsync<ArgumentException>(async () => await writer.AppendAsync(new ManifestEntry(ChunkState.Zero, ChunkId.Of([1])), token));
        await Assert.ThrowsAsync<ArgumentException>(async () => await writer.AppendAsync(new ManifestEntry((ChunkState)9), token));
        await Assert.ThrowsAsync<ArgumentException>(async () => await writer.AppendRunAsync(default, 4, token));
        await writer.AppendRunAsync(default, 2, token);
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await writer.CompleteAsync(token));
        Assert.Throws<ArgumentException>(() => store.CreateWriter(1, 100_000, 512, null));
        Assert.Throws<ArgumentException>(() => store.CreateWriter(1, TestManifests.ChunkSize, 1024, null));
        Assert.Throws<ArgumentException>(() => store.CreateWriter(long.MaxValue, TestManifests.ChunkSize, 512, null));
    }

    [Fact]
    public async Task Open_AnyDamage_IsOnlyEverAnInvalidManifest()
    {
        ChunkId root = await TestManifests.WriteAsync(store, [.. Enumerable.Range(0, 300).Select(i => i % 7 < 3 ? default : TestManifests.Stored([(byte)i]))]);
        ManifestReader sound = await store.OpenAsync(root, token);
        var random = new Random(11);
        for (int round = 0; round < 4000; round++)
        {
            ChunkId victim = (round & 1) == 0 ? root : sound.Header.Pages[0];
            byte[] original = chunks.Chunks[victim];
            chunks.Chunks[victim] = Damage(original, random);
            try
            {
                ManifestReader reader = await store.OpenAsync(root, token);
                await foreach (ManifestRun run in reader.ReadRunsAsync(token))
                {
                    Assert.InRange(run.Count, 1, ManifestHeader.EntriesPerPage);
                }
            }
            catch (ChunkStoreException e)
            {
                // Missing: the damage hit the id of a page.
                Assert.Contains(e.Code, new[] { ChunkStoreErrors.BadManifest, ChunkStoreErrors.Missing });
            }

            chunks.Chunks[victim] = original;
        }
    }

    [Fact]
    public async Task Walk_LiveIds_AreRootPagesAndStoredChunks()
    {
        ManifestEntry a = TestManifests.Stored([1]);
        ChunkId root = await TestManifests.WriteAsync(store, [a, default, new ManifestEntry(ChunkState.OriginHashed, ChunkId.Of([2])), new ManifestEntry(ChunkState.Origin)]);
        ManifestReader reader = await store.OpenAsync(root, token);
        Assert.Equal([root, reader.Header.Pages[0], a.Id], await ManifestWalker.GetLiveIdsAsync(reader, token).ToListAsync(token));
    }

    [Fact]
    public async Task Capture_Extents_BecomeZeroOrOriginWithoutReading()
    {
        const int C = TestManifests.ChunkSize;
        var image = new MemoryImage(
            new byte[(8 * C) - 512],
            new DiskExtent(0, C + 1, ExtentKind.Unallocated), new DiskExtent(C + 1, 10, ExtentKind.Data), new DiskExtent(C + 11, 10, ExtentKind.Zero),
            new DiskExtent(C + 21, C, ExtentKind.Data), new DiskExtent((2 * C) + 21, (3 * C) - 21, ExtentKind.Zero), new DiskExtent(5 * C, C, ExtentKind.Data),
            new DiskExtent(6 * C, (2 * C) - 512, ExtentKind.Zero));
        ManifestReader reader = await store.OpenAsync(await ImageManifest.CaptureAsync(image, TestManifests.Origin(), store, C, token), token);
        Assert.Equal("ZOOZZOZZ", string.Concat(await reader.ReadEntriesAsync(0, 8, token).Select(e => e.State.ToString()[0]).ToListAsync(token)));
        Assert.Equal(0, image.BytesRead);
        var gap = new MemoryImage(new byte[100], new DiskExtent(0, 50, ExtentKind.Data), new DiskExtent(51, 49, ExtentKind.Data));
        await Assert.ThrowsAnyAsync<DiskImageException>(async () => await ImageManifest.CaptureAsync(gap, TestManifests.Origin(), store, C, token));
    }

    /// <summary>Only what lies wholly within an unused range is unused, and what is zero stays zero.</summary>
    [Theory]
    [InlineData("OOOOOOOO")]
    [InlineData("OOOOOOOO", 0, 65535)]
    [InlineData("UOOOOOOO", 0, 65536)]
    [InlineData("OOOOOOOO", 1, 131070)]
    [InlineData("OUOOOOOO", 1, 131071)]
    [InlineData("OUUOOOOO", 65536, 131072 + 65535)]
    [InlineData("UOOUUUOU", 0, 65536, 196608, 196608 + 60000, 458752, 65024)]
    [InlineData("OOOOOOOO", 458752, 65023)]
    [InlineData("UUUUUUUU", 0, 524288 - 512)]
    [InlineData("OOOUOOOO", 100, 200, 70000, 10, 130000, 10000, 196608, 65536)]
    public async Task Capture_UnusedRanges_MakeUnusedChunksOfWholeOnes(string expected, params int[] ranges)
    {
        const int C = TestManifests.ChunkSize;
        DiskRange[] unused = [.. ranges.Chunk(2).Select(range => new DiskRange(range[0], range[1]))];
        var image = new MemoryImage(new byte[(8 * C) - 512]);
        ManifestReader reader = await store.OpenAsync(await ImageManifest.CaptureAsync(image, TestManifests.Origin(), store, unused, C, token), token);
        Assert.Equal(expected, string.Concat(await reader.ReadEntriesAsync(0, 8, token).Select(e => e.State.ToString()[0]).ToListAsync(token)));

        var half = new MemoryImage(new byte[(8 * C) - 512], new DiskExtent(0, 3 * C, ExtentKind.Data), new DiskExtent(3 * C, (5 * C) - 512, ExtentKind.Zero));
        reader = await store.OpenAsync(await ImageManifest.CaptureAsync(half, TestManifests.Origin(), store, unused, C, token), token);
        Assert.Equal(expected[..3] + "ZZZZZ", string.Concat(await reader.ReadEntriesAsync(0, 8, token).Select(e => e.State.ToString()[0]).ToListAsync(token)));
    }

    private static byte[] Damage(byte[] original, Random random)
    {
        byte[] bytes = [.. original];
        switch (random.Next(3))
        {
            case 0:
                return bytes[..random.Next(bytes.Length)];
            case 1:
                return [.. bytes, .. new byte[random.Next(1, 5)]];
            default:
                for (int i = random.Next(1, 4); i > 0; i--)
                {
                    bytes[random.Next(random.Next(2) == 0 ? 40 : bytes.Length)] = (byte)random.Next(256);
                }

                return bytes;
        }
    }

    private async Task AssertRoundTripAsync(ManifestEntry[] entries, int missing)
    {
        ChunkId root = await TestManifests.WriteAsync(store, entries, missing);
        ManifestReader reader = await store.OpenAsync(root, token);
        Assert.Equal(entries.Length, reader.Header.ChunkCount);
        Assert.Equal(entries.Any(e => e.State.IsAtOrigin()), reader.Header.Origin is not null);
        Assert.True(reader.Header.Origin is null || ManifestComparer.SameOrigin(TestManifests.Origin(), reader.Header.Origin));
        Assert.Equal(entries, await reader.ReadEntriesAsync(0, entries.Length, token).ToListAsync(token));
        for (int i = 0; i < entries.Length; i += 1 + (entries.Length / 50))
        {
            Assert.Equal(entries[i], await reader.GetAsync(i, token));
            Assert.Equal(entries[i..], await reader.ReadEntriesAsync(i, entries.Length - i, token).ToListAsync(token));
            i += entries.Length / 3;
        }

        using ManifestWriter copy = store.CreateWriter(reader.Header.Size, reader.Header.ChunkSize, reader.Header.LogicalSectorSize, TestManifests.Origin());
        await copy.CopyAsync(reader, entries.Length, token);
        Assert.Equal(root, await copy.CompleteAsync(token));
    }
}
