using System.Net;
using Ferry.Chunks;
using Ferry.Chunks.Collection;
using Ferry.Chunks.Manifests;
using Ferry.Chunks.Store;
using Ferry.Contracts.Transfer;
using Ferry.Hosting.Live;
using Ferry.Transfer.Tests.Jobs;
using Microsoft.Extensions.DependencyInjection;

namespace Ferry.Transfer.Tests.Uploads;

/// <summary>Garbage is collected again and again while an upload runs that takes several grace periods.</summary>
public sealed class UploadCollectionTests
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Upload_LongerThanTheGracePeriod_LosesNothing_UntilItIsAcknowledged()
    {
        await using var host = await TransferHost.StartAsync(("Ferry:Chunks:TouchAfter", "00:00:00"));
        using var client = new UploadClient(host);
        var chunks = host.Services.GetRequiredService<IChunkStore>();
        var disk = MemoryDisk.Create(21, chunks: 10);
        await chunks.PutAsync(new byte[] { 1, 2, 3 }, Token); // Garbage, which shows that anything is collected.
        await chunks.PutAsync(UploadClient.Chunk(disk, 9), Token); // Nobody's now; the upload is told that it need not send it.
        await chunks.FlushAsync(Token);
        var job = await client.CreateAsync(disk.Capacity);
        var entries = UploadClient.Entries(disk);
        Assert.Equal(HttpStatusCode.OK, (await client.PutPageAsync(job, entries)).Status);
        var (collected, sent) = (0L, 0);
        for (var i = 1; i < 9; i++)
        {
            if (entries[i].State is ChunkState.Stored)
            {
                Assert.Equal(HttpStatusCode.NoContent, (await client.PutChunkAsync(job, i, UploadClient.Chunk(disk, i))).Status);
                sent++;
            }

            using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(400));
            await pause.WaitForNextTickAsync(Token);
            collected += await CollectAsync(host, chunks);
        }

        Assert.Equal(7, sent);
        Assert.Equal(1, collected);
        Assert.Equal(HttpStatusCode.OK, (await client.CompleteAsync(job)).Status);
        await PassAsync();
        Assert.Equal(0, await CollectAsync(host, chunks));
        var manifest = (await host.GetAsync<TransferJobView>($"/api/v1/transfers/{job}")).Files[0].Manifest!;
        Assert.Equal(disk.Content, await UploadClient.ReadAsync(host, manifest));

        await host.ActAsync(job, "acknowledge");
        await PassAsync();
        Assert.True(await CollectAsync(host, chunks) >= 8, "what nobody needs any more goes");
    }

    private static async Task PassAsync()
    {
        using var pause = new PeriodicTimer(2 * Grace);
        await pause.WaitForNextTickAsync(Token);
    }

    // As cleanup does it: the cut-off first, then the answer of the transfer service.
    private static async Task<long> CollectAsync(TransferHost host, IChunkStore chunks)
    {
        var cutOff = await chunks.BeginCollectionAsync(Token) - Grace;
        var marker = new ChunkMarker(new ManifestStore(chunks));
        foreach (var source in host.Services.GetKeyedServices<ILiveManifests>("transfer"))
        {
            foreach (var root in await source.ListAsync(Token))
            {
                await marker.MarkAsync(ChunkId.Parse(root), Token);
            }
        }

        return (await new ChunkSweeper(chunks, marker.Marked.Live, cutOff, dryRun: false).SweepAsync(Token)).CollectedChunks;
    }
}
