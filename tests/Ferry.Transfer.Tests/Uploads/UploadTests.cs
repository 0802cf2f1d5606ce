using Ferry.Chunks.Store;
using Ferry.Contracts.Transfer;
using Ferry.Transfer.Tests.Jobs;

namespace Ferry.Transfer.Tests.Uploads;

/// <summary>Disks that arrive: by the real client at the REST API.</summary>
public sealed class UploadTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Upload_OfTwoDisks_EndsWithTheirManifests_AndSaysEveryState()
    {
        await using var host = await TransferHost.StartAsync();
        using var client = new UploadClient(host);
        var first = MemoryDisk.Create(1);
        var second = MemoryDisk.Create(2, chunks: 5);
        var job = await client.CreateAsync(first.Capacity, second.Capacity);
        var waiting = await host.GetAsync<TransferJobView>($"/api/v1/transfers/{job}");
        Assert.Equal((TransferJobType.Upload, TransferJobState.Queued, "client"), (waiting.Type, waiting.State, waiting.WaitingFor?.Reason));

        var sent = await UploadClient.SendAsync(host, first, job, 0);
        Assert.Equal(TransferJobState.Transferring, (await host.GetAsync<TransferJobView>($"/api/v1/transfers/{job}")).State);
        var other = await UploadClient.SendAsync(host, second, job, 1);

        var view = await host.WaitAsync(job, TransferJobState.Transferred);
        Assert.Equal(first.Content, await UploadClient.ReadAsync(host, sent.Manifest));
        Assert.Equal(second.Content, await UploadClient.ReadAsync(host, other.Manifest));
        Assert.Equal([sent.Manifest, other.Manifest], view.Files.Select(file => file.Manifest));
        Assert.Equal([sent.Digest, other.Digest], view.Files.Select(file => file.Digest));
        Assert.Equal((2, 2), (view.Counters.FilesTotal, view.Counters.FilesDone));
        Assert.Equal((view.Counters.BytesTotal, 0L, 0L), (view.Counters.BytesDone, view.Counters.BytesResent, view.Counters.BytesDeduplicated));
        Assert.Equal(sent.BytesMoved + other.BytesMoved, view.Counters.BytesMoved);
        Assert.Equal(first.Capacity, sent.BytesMoved + sent.BytesZero);

        Assert.Equal(TransferJobState.Acknowledged, (await host.ActAsync(job, "acknowledge")).State);
        await Eventually.GetAsync(() => Task.FromResult(host.StatesOf(job)), states => states.Count == 5, "every change of state was published");
        Assert.Equal(
            [TransferJobState.Queued, TransferJobState.Connecting, TransferJobState.Transferring, TransferJobState.Transferred, TransferJobState.Acknowledged], host.StatesOf(job));
    }

    [Fact]
    public async Task TenClones_MoveAndStoreAtMostAQuarterMoreThanOne()
    {
        await using var host = await TransferHost.StartAsync();
        using var client = new UploadClient(host);
        var template = MemoryDisk.Create(3, chunks: 128);
        var (moved, sent, one) = (0L, 0L, 0L);
        for (var machine = 0; machine < 10; machine++)
        {
            var disk = template.CloneWith(seed: 100 + machine, changed: 2);
            var result = await UploadClient.SendAsync(host, disk, await client.CreateAsync(disk.Capacity));
            Assert.Equal(disk.Content, await UploadClient.ReadAsync(host, result.Manifest));
            (moved, sent) = (moved + result.BytesMoved, sent + result.BytesSent);
            one = machine == 0 ? moved : one;
        }

        using var store = new FolderChunkStore(host.Chunks);
        var stored = (await store.GetStatsAsync(Token)).Bytes;
        TestContext.Current.TestOutputHelper!.WriteLine(
            $"one machine {one:N0} bytes; ten machines: moved {moved:N0} ({(double)moved / one:F3}), in bodies {sent:N0} ({(double)sent / one:F3}), stored {stored:N0} ({(double)stored / one:F3})");
        Assert.True(moved <= 1.25 * one, $"moved {(double)moved / one:F3} times one machine");
        Assert.True(sent <= 1.25 * one, $"sent {(double)sent / one:F3} times one machine");
        Assert.True(stored <= 1.25 * one, $"stored {(double)stored / one:F3} times one machine");
    }

    [Fact]
    public async Task Server_ThatDiesInTheMiddle_GetsOnlyWhatWasInFlightAgain()
    {
        await using var host = await TransferHost.StartAsync();
        using var client = new UploadClient(host);
        var disk = MemoryDisk.Create(4, chunks: 200);
        var job = await client.CreateAsync(disk.Capacity);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        using var requests = new CountedRequests();
        var died = 0;
        requests.Before = async _ =>
        {
            if (requests.Chunks.Count >= 80 && Interlocked.Exchange(ref died, 1) == 0)
            {
                await stop.CancelAsync();
            }
        };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => UploadClient.SendAsync(host, disk, job, handler: requests, token: stop.Token));
        await host.AbortAsync();
        await host.StartAgainAsync();
        using var after = new CountedRequests();
        var readBefore = disk.BytesRead;

        var result = await UploadClient.SendAsync(host, disk, job, handler: after);

        Assert.Equal(disk.Content, await UploadClient.ReadAsync(host, result.Manifest));
        var twice = requests.Chunks.Intersect(after.Chunks).Count();
        Assert.InRange(twice, 0, 4);
        Assert.Equal(0, after.Pages);
        Assert.Equal(after.Chunks.Count * (long)MemoryDisk.ChunkSize, disk.BytesRead - readBefore, (double)MemoryDisk.ChunkSize);
        var view = await host.WaitAsync(job, TransferJobState.Transferred);
        Assert.Equal(view.Counters.BytesTotal, view.Counters.BytesDone);
        Assert.InRange(view.Counters.BytesResent, 0, 4 * MemoryDisk.ChunkSize);
    }

    [Fact]
    public async Task TwoReplicas_ServeOneUpload()
    {
        await using var host = await TransferHost.StartAsync();
        await using var replica = await host.StartReplicaAsync();
        using var client = new UploadClient(host);
        using var other = new UploadClient(replica);
        var disk = MemoryDisk.Create(5, chunks: 16);
        var job = await client.CreateAsync(disk.Capacity);
        var entries = UploadClient.Entries(disk);
        Assert.Equal(System.Net.HttpStatusCode.OK, (await client.PutPageAsync(job, entries)).Status);
        for (var i = 0; i < entries.Length; i++)
        {
            if (entries[i].State is Chunks.Manifests.ChunkState.Stored)
            {
                Assert.Equal(System.Net.HttpStatusCode.NoContent, (await (i % 2 == 0 ? client : other).PutChunkAsync(job, i, UploadClient.Chunk(disk, i))).Status);
            }
        }

        Assert.Equal(System.Net.HttpStatusCode.OK, (await other.CompleteAsync(job)).Status);
        Assert.Equal(System.Net.HttpStatusCode.OK, (await client.CompleteAsync(job)).Status);

        var view = await host.WaitAsync(job, TransferJobState.Transferred);
        Assert.Equal(disk.Content, await UploadClient.ReadAsync(host, view.Files[0].Manifest!));
    }
}
