using Ferry.Chunks.Disks;
using Ferry.Chunks.Manifests;
using Ferry.Chunks.Overlay;
using Ferry.Chunks.Tests.Support;
using Ferry.DiskImages;
using FsCheck.Xunit;

namespace Ferry.Chunks.Tests.Overlay;

public sealed class OverlayDiskTests : IDisposable
{
    private const int C = TestManifests.ChunkSize;
    private readonly TempFolder folder = new();
    private readonly MemoryStore chunks = new();
    private readonly ManifestStore store;
    private readonly CancellationToken token = TestContext.Current.CancellationToken;

    public OverlayDiskTests() => store = new ManifestStore(chunks);

    public void Dispose() => folder.Dispose();

    [Property(MaxTest = 60)]
    public async Task Writes_AnySequence_BehaveAsAnArrayAndCommitTheSameDisk(int seed, byte operations)
    {
        var random = new Random(seed);
        (ChunkId root, byte[] model, MemoryImage image) = await TestManifests.MixedDiskAsync(store, seed, random.Next(1, 12), random.Next(2000));
        byte[] original = [.. model];
        await using var below = new ManifestDisk(store, await store.OpenAsync(root, token), new TestManifests.Opener(image));
        await using var overlay = new OverlayDisk(below, folder.Path);
        for (int i = 0; i < operations % 64; i++)
        {
            await OperateAsync(overlay, model, random);
        }

        byte[] now = new byte[model.Length];
        await overlay.ReadAsync(0, now, token);
        Assert.True(model.AsSpan().SequenceEqual(now));
        await AssertExtentsAsync(overlay, model);
        OverlayCommit commit = await overlay.CommitAsync(store, token);
        Assert.Equal(Enumerable.Range(0, (model.Length + C - 1) / C).Where(i => !Chunk(model, i).SequenceEqual(Chunk(original, i))).Select(i => (long)i), commit.ChangedChunks);
        ManifestReader committed = await store.OpenAsync(commit.Root, token);
        await using var after = new ManifestDisk(store, committed, new TestManifests.Opener(image));
        await after.ReadAsync(0, now, token);
        Assert.True(model.AsSpan().SequenceEqual(now));
        for (long i = 0; i < committed.Header.ChunkCount; i++)
        {
            ManifestEntry entry = await committed.GetAsync(i, token);
            Assert.True(!commit.ChangedChunks.Contains(i) ? entry == await below.Manifest.GetAsync(i, token) : entry.State is ChunkState.Zero or ChunkState.Stored);
        }
    }

    [Fact]
    public async Task Writes_FromManyTasks_AreNeverLost()
    {
        (ChunkId root, byte[] model, MemoryImage image) = await TestManifests.MixedDiskAsync(store, 4, 10, 0);
        await using var below = new ManifestDisk(store, await store.OpenAsync(root, token), new TestManifests.Opener(image));
        await using var overlay = new OverlayDisk(below, folder.Path);
        byte[] written = TestBytes.Random(model.Length, 9);
        await Parallel.ForEachAsync(Enumerable.Range(0, model.Length / 1000), new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = token }, async (i, ct) =>
        {
            if (i % 3 != 0)
            {
                await overlay.WriteAsync(i * 1000, written.AsMemory(i * 1000, 1000), ct);
            }
        });
        for (int i = 0; i < model.Length / 1000; i++)
        {
            if (i % 3 != 0)
            {
                written.AsSpan(i * 1000, 1000).CopyTo(model.AsSpan(i * 1000));
            }
        }

        byte[] now = new byte[model.Length];
        await overlay.ReadAsync(0, now, token);
        Assert.True(model.AsSpan().SequenceEqual(now));
    }

    [Fact]
    public async Task Commit_NothingOrTheSameBytesWritten_GivesTheSameRoot()
    {
        (ChunkId root, byte[] model, MemoryImage image) = await TestManifests.MixedDiskAsync(store, 5, 12, 10);
        await using var below = new ManifestDisk(store, await store.OpenAsync(root, token), new TestManifests.Opener(image));
        await using var overlay = new OverlayDisk(below, folder.Path);
        await overlay.WriteAsync(0, model, token);
        OverlayCommit commit = await overlay.CommitAsync(store, token);
        Assert.Equal(root, commit.Root);
        Assert.Equal(12, commit.WrittenChunks);
        Assert.Empty(commit.ChangedChunks);
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await overlay.WriteAsync(0, new byte[1], token));
    }

    [Fact]
    public async Task Zeroes_OverAHugeDisk_TakeNoSpace()
    {
        using ManifestWriter writer = store.CreateWriter(1L << 40, 1 << 20, 512, TestManifests.Origin());
        await writer.AppendRunAsync(new ManifestEntry(ChunkState.Origin), writer.ChunkCount, token);
        ChunkId root = await writer.CompleteAsync(token);
        await using var below = new ManifestDisk(store, await store.OpenAsync(root, token), new TestManifests.Opener(new MemoryImage([])));
        await using var overlay = new OverlayDisk(below, folder.Path);
        await overlay.TrimAsync(0, overlay.Size, token);
        await overlay.WriteAsync(overlay.Size - 5, new byte[] { 1, 2, 3, 4, 5 }, token);
        byte[] end = new byte[10];
        await overlay.ReadAsync(overlay.Size - 10, end, token);
        Assert.Equal([0, 0, 0, 0, 0, 1, 2, 3, 4, 5], end);
        Assert.Equal(
            [new(0, (1L << 40) - (1 << 20), ExtentKind.Zero), new((1L << 40) - (1 << 20), 1 << 20, ExtentKind.Data)],
            await overlay.GetExtentsAsync(0, overlay.Size, token).ToListAsync(token));
    }

    [Fact]
    public async Task Dispose_LeavesNothingInTheFolder()
    {
        (ChunkId root, _, MemoryImage image) = await TestManifests.MixedDiskAsync(store, 5, 12, 10);
        await using var below = new ManifestDisk(store, await store.OpenAsync(root, token), new TestManifests.Opener(image));
        var overlay = new OverlayDisk(below, folder["made"]);
        await overlay.WriteAsync(3, new byte[5], token);
        await overlay.DisposeAsync();
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder["made"]));
    }

    private static ReadOnlySpan<byte> Chunk(byte[] disk, int index) => disk.AsSpan(index * C, Math.Min(C, disk.Length - (index * C)));

    private async Task AssertExtentsAsync(OverlayDisk overlay, byte[] model)
    {
        long position = 0;
        await foreach (DiskExtent extent in overlay.GetExtentsAsync(0, overlay.Size, token))
        {
            Assert.Equal(position, extent.Offset);
            Assert.True(extent.Kind == ExtentKind.Data || !model.AsSpan((int)extent.Offset, (int)extent.Length).ContainsAnyExcept((byte)0));
            position = extent.End;
        }

        Assert.Equal(overlay.Size, position);
    }

    private async Task OperateAsync(OverlayDisk overlay, byte[] model, Random random)
    {
        bool aligned = random.Next(3) == 0;
        int offset = aligned ? random.Next((model.Length / C) + 1) * C : random.Next(model.Length + 1);
        offset = Math.Min(offset, model.Length);
        int length = Math.Min(model.Length - offset, aligned ? random.Next(1, 4) * C : random.Next(random.Next(2) == 0 ? 600 : 3 * C));
        switch (random.Next(6))
        {
            case 0:
                byte[] read = new byte[length];
                await overlay.ReadAsync(offset, read, token);
                Assert.True(model.AsSpan(offset, length).SequenceEqual(read));
                break;
            case 1:
                await overlay.WriteZeroesAsync(offset, length, token);
                model.AsSpan(offset, length).Clear();
                break;
            case 2:
                await overlay.TrimAsync(offset, length, token);
                byte[] left = new byte[length];
                await overlay.ReadAsync(offset, left, token);
                for (int i = 0; i < length; i++)
                {
                    Assert.True(left[i] == 0 || left[i] == model[offset + i]);
                }

                left.CopyTo(model, offset);
                break;
            default:
                byte[] data = random.Next(4) == 0 ? model.AsSpan(offset, length).ToArray() : TestBytes.Random(length, random.Next());
                await overlay.WriteAsync(offset, data, token);
                data.CopyTo(model, offset);
                break;
        }
    }
}
