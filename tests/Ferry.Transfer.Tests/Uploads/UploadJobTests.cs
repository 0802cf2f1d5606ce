using System.Net;
using Ferry.Chunks.Manifests;
using Ferry.Contracts.Transfer;
using Ferry.Hosting.Documents;
using Ferry.Transfer.Tests.Jobs;
using Microsoft.Extensions.DependencyInjection;

namespace Ferry.Transfer.Tests.Uploads;

/// <summary>What owners and operators do with uploads, and what the service does by itself. On both document stores.</summary>
public abstract class UploadJobTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Settings of the document store.</summary>
    protected abstract (string Key, string Value)[] Store { get; }

    [Fact]
    public async Task Suspended_TakesNothing_Resumed_GoesOn_AndCancelledForgetsItsPages()
    {
        await using var host = await StartAsync();
        using var client = new UploadClient(host);
        var disk = MemoryDisk.Create(11, chunks: 24);
        var job = await client.CreateAsync(disk.Capacity);
        var first = await client.PutPageAsync(job, UploadClient.Entries(disk));
        Assert.Equal(HttpStatusCode.OK, first.Status);
        await host.ActAsync(job, "suspend");
        var refused = await client.PutChunkAsync(job, 1, UploadClient.Chunk(disk, 1));
        Assert.Equal((HttpStatusCode.Conflict, "TRANSFER_WRONG_STATE"), (refused.Status, refused.Code));
        Assert.NotNull(refused.RetryAfter);
        Assert.Equal(HttpStatusCode.Conflict, (await client.CompleteAsync(job)).Status);

        await host.ActAsync(job, "resume");
        var sent = await UploadClient.SendAsync(host, disk, job);
        Assert.Equal(disk.Content, await UploadClient.ReadAsync(host, sent.Manifest));
        Assert.Equal(TransferJobState.Transferred, (await host.ActAsync(job, "priority", new TransferPriorityRequest { Priority = TransferPriority.Low })).State);
        Assert.Single((await client.PagesAsync(job)).Pages);

        Assert.Equal(TransferJobState.Cancelled, (await host.ActAsync(job, "cancel")).State);
        await Eventually.GetAsync(() => client.PagesAsync(job), pages => pages.Pages.Count == 0, "its pages are forgotten");
        Assert.Equal("TRANSFER_WRONG_STATE", (await client.PutPageAsync(job, UploadClient.Entries(disk))).Code);
    }

    [Fact]
    [Trait("Tier", "all")]
    public async Task Silence_IsATransientError_ThenError_AndAClientThatComesBackGoesOn()
    {
        await using var host = await StartAsync(("Ferry:Transfer:UploadSilence", "00:00:00.400"));
        using var client = new UploadClient(host);
        var disk = MemoryDisk.Create(12, chunks: 4);
        var job = await client.CreateAsync(request => request with { NoProgressSeconds = 4 }, disk.Capacity);
        await client.PutPageAsync(job, UploadClient.Entries(disk));

        var silent = await host.WaitAsync(job, TransferJobState.TransientError);
        Assert.Equal(("UPLOAD_SILENT", "client"), (silent.Failure!.Code, silent.WaitingFor!.Reason));
        Assert.Equal(HttpStatusCode.NoContent, (await client.PutChunkAsync(job, 1, UploadClient.Chunk(disk, 1))).Status);
        Assert.Equal(TransferJobState.Transferring, (await host.GetAsync<TransferJobView>($"/api/v1/transfers/{job}")).State);

        var given = await host.WaitAsync(job, TransferJobState.Error);
        Assert.Equal(("UPLOAD_SILENT", "operator"), (given.Failure!.Code, given.WaitingFor!.Reason));
        await host.ActAsync(job, "resume");
        var sent = await UploadClient.SendAsync(host, disk, job);
        Assert.Equal(MemoryDisk.ChunkSize, sent.BytesDeduplicated);
        Assert.Equal(disk.Content, await UploadClient.ReadAsync(host, sent.Manifest));
    }

    [Fact]
    public async Task Window_Closed_Answers503WithRetryAfter_ParksTheJob_AndOpens()
    {
        await using var host = await StartAsync();
        using var client = new UploadClient(host);
        var disk = MemoryDisk.Create(13, chunks: 8);
        var job = await client.CreateAsync(request => request with { Link = "wan" }, disk.Capacity);
        Assert.Equal(HttpStatusCode.OK, (await client.PutPageAsync(job, UploadClient.Entries(disk))).Status);
        await host.SetLimitsAsync(new TransferLimits { Links = new Dictionary<string, BandwidthLimit> { ["wan"] = new() { Rules = ["never"] } } });

        var refused = await client.PutChunkAsync(job, 1, UploadClient.Chunk(disk, 1));

        Assert.Equal((HttpStatusCode.ServiceUnavailable, "BANDWIDTH_WINDOW_CLOSED"), (refused.Status, refused.Code));
        Assert.InRange(refused.RetryAfter!.Value, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1));
        var parked = await host.GetAsync<TransferJobView>($"/api/v1/transfers/{job}");
        Assert.Equal((TransferJobState.Queued, "bandwidth-window"), (parked.State, parked.WaitingFor?.Reason));
        await host.SetLimitsAsync(new TransferLimits());
        await host.WaitAsync(job, view => view.WaitingFor?.Reason == "client", "the window is seen to be open");
        await UploadClient.SendAsync(host, disk, job);
        await host.WaitAsync(job, TransferJobState.Transferred);
    }

    [Fact]
    public async Task Rate_HoldsForUploads()
    {
        await using var host = await StartAsync();
        using var client = new UploadClient(host);
        var disk = MemoryDisk.Create(14, chunks: 40);
        await host.SetLimitsAsync(new TransferLimits { Global = new BandwidthLimit { Rules = ["1 MiB/s"] } });
        var job = await client.CreateAsync(disk.Capacity);
        var started = TimeProvider.System.GetTimestamp();

        var sent = await UploadClient.SendAsync(host, disk, job);

        var rate = sent.BytesMoved / TimeProvider.System.GetElapsedTime(started).TotalSeconds;
        Assert.InRange(rate, 0.3 * (1 << 20), 1.1 * (1 << 20));
    }

    [Fact]
    public async Task StoreFull_Answers507WithRetryAfter_AndGoesOnWhenThereIsRoom()
    {
        await using var host = await StartAsync(("Ferry:Chunks:QuotaBytes", "600000"));
        using var client = new UploadClient(host);
        var disk = MemoryDisk.Create(15, chunks: 24);
        var job = await client.CreateAsync(disk.Capacity);
        Assert.Equal(HttpStatusCode.OK, (await client.PutPageAsync(job, UploadClient.Entries(disk))).Status);
        var (status, code, wait) = (HttpStatusCode.NoContent, (string?)null, (TimeSpan?)null);
        for (var i = 1; i < 23 && status is HttpStatusCode.NoContent; i += i % 8 == 7 ? 2 : 1)
        {
            (status, _, code, wait) = await client.PutChunkAsync(job, i, UploadClient.Chunk(disk, i));
        }

        Assert.Equal((HttpStatusCode.InsufficientStorage, "STORE_FULL"), (status, code));
        Assert.NotNull(wait);
        var waiting = await host.GetAsync<TransferJobView>($"/api/v1/transfers/{job}");
        Assert.Equal((TransferJobState.Queued, "space"), (waiting.State, waiting.WaitingFor?.Reason));

        await using var roomier = await host.StartReplicaAsync(("Ferry:Chunks:QuotaBytes", "0"));
        await UploadClient.SendAsync(roomier, disk, job);
        await host.WaitAsync(job, TransferJobState.Transferred);
    }

    [Fact]
    public async Task TooManyRequestsAtOnce_AreAskedToWait()
    {
        await using var host = await StartAsync(("Ferry:Transfer:UploadConnections", "1"));
        using var client = new UploadClient(host);
        var disk = MemoryDisk.Create(16, chunks: 16);
        var job = await client.CreateAsync(disk.Capacity);
        await client.PutPageAsync(job, UploadClient.Entries(disk));
        await host.SetLimitsAsync(new TransferLimits { Global = new BandwidthLimit { Rules = ["64 KiB/s"] } });

        var answers = await Task.WhenAll(Enumerable.Range(1, 3).Select(i => client.PutChunkAsync(job, i, UploadClient.Chunk(disk, i))));

        Assert.Contains(answers, answer => answer.Status is HttpStatusCode.NoContent);
        Assert.Contains(answers, answer => answer is { Status: HttpStatusCode.TooManyRequests, Code: "UPLOAD_BUSY", RetryAfter: not null });
    }

    [Fact]
    public async Task Entries_AreKept_SoThatAClientThatRestartsReadsNothingAgain()
    {
        await using var host = await StartAsync();
        using var client = new UploadClient(host);
        var disk = MemoryDisk.Create(17, chunks: 16);
        var job = await client.CreateAsync(disk.Capacity);
        await client.PutPageAsync(job, UploadClient.Entries(disk));
        var page = (await client.GetAsync(job, "files/0/pages/0")).Body;
        Assert.Equal(UploadClient.Entries(disk), ManifestPageCodec.Read(page));

        await host.StopAsync();
        await host.StartAgainAsync();

        Assert.Equal(page, (await client.GetAsync(job, "files/0/pages/0")).Body);
        var pages = host.Services.GetRequiredService<Ferry.Transfer.Uploads.UploadPages>();
        Assert.Equal(1, await pages.Documents.CountAsync(DocumentQuery.All, Token));
        var sent = await UploadClient.SendAsync(host, disk, job);
        Assert.Equal(sent.BytesMoved, disk.BytesRead);
    }

    private Task<TransferHost> StartAsync(params (string Key, string Value)[] settings) => TransferHost.StartAsync([.. Store, .. settings]);
}
