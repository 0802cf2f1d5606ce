using System.Buffers.Binary;
using Ferry.Chunks.Store;
using Ferry.Chunks.Tests.Support;
using ZstdSharp;

namespace Ferry.Chunks.Tests.Store;

/// <summary>Files that are not what their names say: found, set aside with the evidence, and mended by the next put.</summary>
public sealed class DamagedChunkTests : IDisposable
{
    private readonly TempFolder folder = new();
    private readonly CancellationToken token = TestContext.Current.CancellationToken;
    private readonly byte[] data = TestBytes.Text(200_000, 1);

    public enum Damage
    {
        FlippedBit,
        Truncated,
        Empty,
        Longer,
        FrameOfOtherBytes,
        FrameOfAnotherLength,
        FrameOfGarbage,
        AnotherChunksFile,
        ForeignFile,
        ForeignFileWithMagic,
    }

    public void Dispose() => folder.Dispose();

    public static TheoryData<Damage> All() => [.. Enum.GetValues<Damage>()];

    [Theory]
    [MemberData(nameof(All))]
    public async Task Verify_AnyDamage_IsFoundSetAsideAndMended(Damage damage)
    {
        using FolderChunkStore store = new(folder.Path);
        (ChunkId id, byte[] bad) = await DamageAsync(store, damage);

        Assert.False(await store.VerifyAsync(id, token));

        await AssertSetAsideAndMendedAsync(store, id, bad);
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task Read_AnyDamage_IsCorruptSetAsideAndMended(Damage damage)
    {
        using FolderChunkStore store = new(folder.Path);
        (ChunkId id, byte[] bad) = await DamageAsync(store, damage);

        var error = await Assert.ThrowsAsync<ChunkStoreException>(async () => await store.ReadAsync(id, new byte[1 << 20], token));

        Assert.Equal(ChunkStoreErrors.Corrupt, error.Code);
        await AssertSetAsideAndMendedAsync(store, id, bad);
    }

    [Theory]
    [InlineData(Damage.Truncated)]
    [InlineData(Damage.ForeignFile)]
    public async Task Put_OverWhatIsNoChunk_SetsItAsideFirst(Damage damage)
    {
        using FolderChunkStore store = new(folder.Path);
        (ChunkId id, byte[] bad) = await DamageAsync(store, damage);

        await AssertSetAsideAndMendedAsync(store, id, bad);
    }

    [Fact]
    public async Task Verify_SoundChunks_AreSound()
    {
        using FolderChunkStore store = new(folder.Path);
        (ChunkId text, _) = await store.PutAsync(data, token);
        (ChunkId raw, _) = await store.PutAsync(TestBytes.Random(5000, 3), token);
        await store.FlushAsync(token);

        Assert.True(await store.VerifyAsync(text, token));
        Assert.True(await store.VerifyAsync(raw, token));
        Assert.Equal(0, (await store.GetStatsAsync(token)).CorruptChunks);
    }

    [Fact]
    public async Task Stats_OfTextAndNoise_SayWhatIsStoredAndWhatItStandsFor()
    {
        using FolderChunkStore store = new(folder.Path);
        await store.PutAsync(data, token);
        await store.PutAsync(TestBytes.Random(5000, 3), token);
        await store.FlushAsync(token);

        ChunkStoreStats stats = await store.GetStatsAsync(token);

        Assert.Equal(2, stats.Chunks);
        Assert.Equal(205_000, stats.Bytes);
        Assert.InRange(stats.StoredBytes, 5000, 100_000);
        Assert.True(stats.FreeBytes > 0);
    }

    private async Task AssertSetAsideAndMendedAsync(FolderChunkStore store, ChunkId id, byte[] bad)
    {
        Assert.True((await store.PutAsync(data, token)).Added);
        await store.FlushAsync(token);
        byte[] buffer = new byte[1 << 20];
        Assert.Equal(data, buffer[..await store.ReadAsync(id, buffer, token)]);
        string evidence = Assert.Single(Directory.GetFiles(folder["corrupt"]));
        Assert.StartsWith(id.ToString(), Path.GetFileName(evidence), StringComparison.Ordinal);
        Assert.Equal(bad, await File.ReadAllBytesAsync(evidence, token));
        Assert.Equal(1, (await store.GetStatsAsync(token)).CorruptChunks);
    }

    private async Task<(ChunkId Id, byte[] Content)> DamageAsync(FolderChunkStore store, Damage damage)
    {
        (ChunkId id, _) = await store.PutAsync(data, token);
        (ChunkId other, _) = await store.PutAsync(TestBytes.Text(200_000, 2), token);
        await store.FlushAsync(token);
        byte[] content = await File.ReadAllBytesAsync(FileOf(id), token);
        content = damage switch
        {
            Damage.FlippedBit => Flip(content),
            Damage.Truncated => content[..(content.Length / 2)],
            Damage.Empty => [],
            Damage.Longer => [.. content, 0],
            Damage.FrameOfOtherBytes => Frame(TestBytes.Text(200_000, 9), 200_000),
            Damage.FrameOfAnotherLength => Frame(TestBytes.Text(100_000, 9), 200_000),
            Damage.FrameOfGarbage => [.. content[..16], .. TestBytes.Random(content.Length - 16, 4)],
            Damage.AnotherChunksFile => await File.ReadAllBytesAsync(FileOf(other), token),
            Damage.ForeignFile => "This file is somebody's README."u8.ToArray(),
            Damage.ForeignFileWithMagic => "FCK1"u8.ToArray(),
            _ => throw new ArgumentOutOfRangeException(nameof(damage)),
        };
        await File.WriteAllBytesAsync(FileOf(id), content, token);
        return (id, content);
    }

    private string FileOf(ChunkId id) => folder[$"chunks/{id.ToString()[..2]}/{id.ToString()[2..4]}/{id}"];

    private static byte[] Flip(byte[] content)
    {
        content[content.Length / 2] ^= 4;
        return content;
    }

    private static byte[] Frame(byte[] bytes, int claimed)
    {
        using var compressor = new Compressor(1);
        byte[] frame = compressor.Wrap(bytes).ToArray();
        byte[] file = new byte[16 + frame.Length];
        "FCK1"u8.CopyTo(file);
        file[4] = 1;
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(8), claimed);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(12), frame.Length);
        frame.CopyTo(file, 16);
        return file;
    }
}
