using Ferry.Chunks;
using Ferry.Chunks.Collection;
using Ferry.Chunks.Store;
using Ferry.Testing;
using Ferry.Transfer.Jobs;

namespace Ferry.Transfer.Tests.Fetching;

/// <summary>Garbage is collected again and again while a transfer runs that takes several grace periods.</summary>
public sealed class CollectionBesideTransferTests
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1.5);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Run_LongerThanTheGracePeriod_LosesNoProvenChunk_AndGarbageGoes()
    {
        await using var disk = await RemoteDisk.CreateAsync(new FolderChunkStoreOptions { TouchAfter = TimeSpan.Zero });
        disk.Options.Connections = 1;
        disk.Server.Delay = TimeSpan.FromMilliseconds(80);
        await disk.Manifests.Chunks.PutAsync(new byte[] { 1, 2, 3 }, Token);
        await disk.Manifests.Chunks.FlushAsync(Token);
        var job = disk.Job();
        var began = TimeProvider.System.GetTimestamp();
        var transfer = disk.TransferAsync(job);
        var collected = 0L;
        var collections = 0;
        while (!transfer.IsCompleted)
        {
            collected += await CollectAsync(disk, job);
            collections++;
        }

        var transferred = await transfer;

        Assert.True(TimeProvider.System.GetElapsedTime(began) > 2 * Grace, "The transfer was over before anything could have been collected: nothing was tested.");
        Assert.True(collections > 10);
        Assert.Equal(1, collected);
        Assert.Equal(disk.Server.Content, await disk.ReadAsync(transferred.Manifest));
    }

    // As cleanup does it: the cut-off first, then the transfer service's answer, then the captured manifest's mark.
    private static async Task<long> CollectAsync(RemoteDisk disk, FakeJobContext<RunTransfer> job)
    {
        var cutOff = await disk.Manifests.Chunks.BeginCollectionAsync(Token) - Grace;
        await new ProvenChunks(disk.Manifests.Chunks).KeepAsync([.. job.Slices], Token);
        var marker = new ChunkMarker(disk.Manifests);
        await marker.MarkAsync(disk.Manifest, Token);
        return (await new ChunkSweeper(disk.Manifests.Chunks, marker.Marked.Live, cutOff, dryRun: false).SweepAsync(Token)).CollectedChunks;
    }
}
