using Ferry.Chunks;
using Ferry.Chunks.Store;
using Ferry.Hosting.Jobs;

namespace Ferry.Transfer.Tests.Fetching;

/// <summary>Chunks that the store lost are fetched again from their origin, and only those.</summary>
public sealed class RepairTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Run_KnownManifestWithDamagedAndMissingChunks_FetchesTheseOnly()
    {
        await using var disk = await RemoteDisk.CreateAsync();
        var before = await disk.TransferAsync(disk.Job());
        await DamageAsync(await disk.FileOfAsync(before.Manifest, 7));
        await DamageAsync(await disk.FileOfAsync(before.Manifest, 80));
        File.Delete(await disk.FileOfAsync(before.Manifest, 100));
        disk.Server.Ranges.Clear();

        var after = await disk.TransferAsync(disk.Job(), before.Manifest);

        Assert.Equal(before.Manifest, after.Manifest);
        Assert.Equal(disk.Server.Content, await disk.ReadAsync(after.Manifest));
        Assert.Equal(3 * RemoteDisk.ChunkSize, after.Bytes.Read);
        Assert.Equal(2, (await disk.Manifests.Chunks.GetStatsAsync(Token)).CorruptChunks);
    }

    [Fact]
    public async Task Run_TheKnownManifestItselfIsLost_FetchesTheDiskAgain()
    {
        await using var disk = await RemoteDisk.CreateAsync();
        var before = await disk.TransferAsync(disk.Job());
        await disk.Manifests.Chunks.DeleteAsync(ChunkId.Parse(before.Manifest), null, Token);

        var after = await disk.TransferAsync(disk.Job(), before.Manifest);

        Assert.Equal(before.Manifest, after.Manifest);
        Assert.Equal(RemoteDisk.Size, after.Bytes.Read);
    }

    [Fact]
    public async Task Run_TheSourceHasOtherBytesNow_IsNoMixture()
    {
        await using var disk = await RemoteDisk.CreateAsync();
        var before = await disk.TransferAsync(disk.Job());
        await DamageAsync(await disk.FileOfAsync(before.Manifest, 7));
        disk.Server.Content[7 * RemoteDisk.ChunkSize] ^= 1;

        var failed = await Assert.ThrowsAsync<JobFailedException>(() => disk.TransferAsync(disk.Job(), before.Manifest));

        Assert.Equal(TransferErrors.BadData, failed.Failure.Code);
    }

    private static async Task DamageAsync(string file)
    {
        var content = await File.ReadAllBytesAsync(file, Token);
        content[content.Length / 2] ^= 8;
        await File.WriteAllBytesAsync(file, content, Token);
    }
}
