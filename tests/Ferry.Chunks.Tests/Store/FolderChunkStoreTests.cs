using Ferry.Chunks.Store;
using Ferry.Chunks.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace Ferry.Chunks.Tests.Store;

public sealed class FolderChunkStoreTests : IDisposable
{
    private readonly TempFolder folder = new();
    private readonly CancellationToken token = TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(1, false)]
    [InlineData(4096, true)]
    [InlineData(1 << 20, false)]
    [InlineData(1 << 20, true)]
    [InlineData((1 << 20) - 513, true)]
    public async Task Put_AnyContent_IsReadBackBeforeAndAfterFlush(int length, bool compressible)
    {
        byte[] data = compressible ? TestBytes.Text(length, 1) : TestBytes.Random(length, 1);
        using var store = new FolderChunkStore(folder.Path);
        (ChunkId id, bool added) = await store.PutAsync(data, token);
        Assert.True(added);
        Assert.Equal(ChunkId.Of(data), id);
        Assert.Equal(data, await ReadAsync(store, id));
        Assert.Empty(ChunkFiles());
        await store.FlushAsync(token);
        Assert.Equal(data, await ReadAsync(store, id));
        Assert.Equal(id.ToString(), Path.GetFileName(Assert.Single(ChunkFiles())));
        Assert.False((await store.PutAsync(data, token)).Added);
        long stored = (await store.GetStatsAsync(token)).StoredBytes;
        Assert.Equal(compressible, stored < length);
    }

    [Fact]
    public async Task Put_NotFlushedWhenTheProcessDies_LeavesNoChunk()
    {
        var dying = new FolderChunkStore(folder.Path);
        (ChunkId id, _) = await dying.PutAsync(TestBytes.Random(1000, 1), token);
        using var other = new FolderChunkStore(folder.Path);
        Assert.True(await dying.ContainsAsync(id, token));
        Assert.False(await other.ContainsAsync(id, token));
        dying.Dispose();
    }

    [Fact]
    public async Task Open_AfterAProcessDied_DeletesItsTemporaryFilesOnlyWhenStale()
    {
        string dead = folder["incoming/dead"];
        Directory.CreateDirectory(dead);
        await File.WriteAllBytesAsync(Path.Combine(dead, "1"), [1], token);
        using (var living = new FolderChunkStore(folder.Path))
        {
            await living.PutAsync(TestBytes.Random(10, 1), token);
            using var soon = new FolderChunkStore(folder.Path);
            Assert.True(Directory.Exists(dead));
            using var later = new FolderChunkStore(folder.Path, time: new FakeTimeProvider(TimeProvider.System.GetUtcNow().AddHours(2)));
            Assert.False(Directory.Exists(dead));
            await living.FlushAsync(token);
        }

        Assert.Single(ChunkFiles());
    }

    [Fact]
    public async Task PutUnderId_OtherBytes_IsRefusedAndNothingStored()
    {
        using var store = new FolderChunkStore(folder.Path);
        byte[] data = TestBytes.Random(1000, 1);
        ChunkId id = ChunkId.Of(data);
        data[7] ^= 1;
        var error = await Assert.ThrowsAsync<ChunkStoreException>(async () => await store.PutAsync(id, data, token));
        Assert.Equal(ChunkStoreErrors.Mismatch, error.Code);
        await store.FlushAsync(token);
        Assert.False(await store.ContainsAsync(id, token));
        Assert.Empty(ChunkFiles());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Read_AnyFlippedBit_IsCorruptThenMissingThenMended(bool compressible)
    {
        byte[] data = compressible ? TestBytes.Text(3000, 1) : TestBytes.Random(3000, 1);
        using var store = new FolderChunkStore(folder.Path);
        var random = new Random(5);
        for (int round = 0; round < 60; round++)
        {
            (ChunkId id, bool added) = await store.PutAsync(data, token);
            Assert.True(added);
            await store.FlushAsync(token);
            string file = Assert.Single(ChunkFiles());
            byte[] content = await File.ReadAllBytesAsync(file, token);
            int position = round < 16 ? round : random.Next(content.Length);
            content[position] ^= (byte)(1 << random.Next(8));
            await File.WriteAllBytesAsync(file, content, token);
            var error = await Assert.ThrowsAsync<ChunkStoreException>(async () => await ReadAsync(store, id));
            Assert.Contains(error.Code, new[] { ChunkStoreErrors.Corrupt, ChunkStoreErrors.Mismatch });
            if (error.Code == ChunkStoreErrors.Mismatch)
            {
                // The flip made the length larger than any buffer, with a file length that fits: only possible in the header.
                Assert.InRange(position, 8, 11);
                File.Delete(file);
            }

            Assert.False(await store.ContainsAsync(id, token));
        }

        Assert.True((await store.GetStatsAsync(token)).CorruptChunks > 40);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(15)]
    [InlineData(16)]
    [InlineData(500)]
    public async Task Contains_TruncatedFile_IsFalseAndPutMends(int length)
    {
        byte[] data = TestBytes.Random(1000, 1);
        using var store = new FolderChunkStore(folder.Path);
        (ChunkId id, _) = await store.PutAsync(data, token);
        await store.FlushAsync(token);
        await using (FileStream file = File.OpenWrite(Assert.Single(ChunkFiles())))
        {
            file.SetLength(length);
        }

        Assert.False(await store.ContainsAsync(id, token));
        Assert.True((await store.PutAsync(data, token)).Added);
        await store.FlushAsync(token);
        Assert.Equal(data, await ReadAsync(store, id));
    }

    [Fact]
    public async Task Read_HeaderThatClaimsAHugeFrame_IsCorruptWithoutTakingMemory()
    {
        byte[] data = TestBytes.Text(4000, 1);
        using var store = new FolderChunkStore(folder.Path);
        (ChunkId id, _) = await store.PutAsync(data, token);
        await store.FlushAsync(token);
        string file = Assert.Single(ChunkFiles());
        byte[] content = await File.ReadAllBytesAsync(file, token);
        System.Buffers.Binary.BinaryPrimitives.WriteInt32LittleEndian(content.AsSpan(8), int.MaxValue);
        await File.WriteAllBytesAsync(file, content, token);
        var error = await Assert.ThrowsAsync<ChunkStoreException>(async () => await ReadAsync(store, id));
        Assert.Equal(ChunkStoreErrors.Corrupt, error.Code);
    }

    [Fact]
    public async Task Read_MissingOrTooLong_HasItsOwnCode()
    {
        using var store = new FolderChunkStore(folder.Path);
        (ChunkId id, _) = await store.PutAsync(TestBytes.Random(1000, 1), token);
        var missing = await Assert.ThrowsAsync<ChunkStoreException>(async () => await ReadAsync(store, ChunkId.Of("x"u8)));
        Assert.Equal(ChunkStoreErrors.Missing, missing.Code);
        var tooLong = await Assert.ThrowsAsync<ChunkStoreException>(async () => await store.ReadAsync(id, new byte[999], token));
        Assert.Equal(ChunkStoreErrors.Mismatch, tooLong.Code);
    }

    [Fact]
    public async Task Put_SameChunksFromManyStoresAtOnce_AllSucceedAndEachIsThereOnce()
    {
        byte[][] chunks = [.. Enumerable.Range(0, 20).Select(i => TestBytes.Text(20_000, i))];
        await Parallel.ForEachAsync(Enumerable.Range(0, 8), new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = token }, async (worker, ct) =>
        {
            using var store = new FolderChunkStore(folder.Path, new FolderChunkStoreOptions { MaxPendingChunks = 3 + worker });
            await Parallel.ForEachAsync(chunks.Concat(chunks), ct, async (chunk, stop) =>
            {
                (ChunkId id, _) = await store.PutAsync(chunk, stop);
                Assert.True(await store.ContainsAsync(id, stop));
                Assert.Equal(chunk, await ReadAsync(store, id));
            });
            await store.FlushAsync(ct);
        });
        Assert.Equal(chunks.Length, ChunkFiles().Length);
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder["incoming"]));
    }

    [Fact]
    public async Task Delete_ByAge_SparesWhatWasAskedForLately()
    {
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        using var store = new FolderChunkStore(folder.Path, time: clock);
        (ChunkId used, _) = await store.PutAsync(TestBytes.Random(100, 1), token);
        (ChunkId idle, _) = await store.PutAsync(TestBytes.Random(100, 2), token);
        await store.FlushAsync(token);
        clock.Advance(TimeSpan.FromHours(5));
        Assert.True(await store.ContainsAsync(used, token));
        DateTimeOffset grace = clock.GetUtcNow() - TimeSpan.FromHours(3);
        Assert.False(await store.DeleteAsync(used, grace, token));
        Assert.True(await store.DeleteAsync(idle, grace, token));
        Assert.False(await store.DeleteAsync(idle, grace, token));
        Assert.True(await store.DeleteAsync(used, null, token));
        Assert.Empty(await store.EnumerateAsync(token).ToListAsync(token));
    }

    [Fact]
    public async Task Enumerate_ForeignFiles_AreSkipped()
    {
        using var store = new FolderChunkStore(folder.Path);
        (ChunkId id, _) = await store.PutAsync(TestBytes.Random(100, 1), token);
        await store.FlushAsync(token);
        await File.WriteAllTextAsync(Path.Combine(Path.GetDirectoryName(Assert.Single(ChunkFiles()))!, "README"), "x", token);
        Assert.Equal(id, Assert.Single(await store.EnumerateAsync(token).ToListAsync(token)).Id);
    }

    private async Task<byte[]> ReadAsync(FolderChunkStore store, ChunkId id)
    {
        byte[] buffer = new byte[2 << 20];
        return buffer[..await store.ReadAsync(id, buffer, token)];
    }

    private string[] ChunkFiles() => Directory.GetFiles(folder["chunks"], "*", SearchOption.AllDirectories);
}
