using System.Net;
using Ferry.Contracts.Jobs;
using Ferry.Contracts.Transfer;

namespace Ferry.Transfer.Tests.Jobs;

/// <summary>Limits, slots and priorities on running jobs, and jobs of conversions.</summary>
public sealed class TransferLimitsTests
{
    private static readonly byte[] Content = Bytes();

    [Fact]
    [Trait("Tier", "all")]
    public async Task Rate_OfARunningJob_HoldsOverTenSeconds()
    {
        await using var server = await ImageServer.StartAsync(Content);
        await using var host = await TransferHost.StartAsync();
        await host.SetLimitsAsync(new TransferLimits { Hosts = new Dictionary<string, BandwidthLimit> { ["127.0.0.1"] = new() { Rules = ["1 MiB/s"] } } });
        var job = await host.CreateAsync(server.Location + "disk.raw");
        await host.WaitAsync(job.Id, view => view.Counters.BytesDone > 0, "something has arrived");
        var scheduler = Microsoft.Extensions.DependencyInjection.ServiceProviderServiceExtensions.GetRequiredService<Transfer.Bandwidth.BandwidthScheduler>(host.Services);

        var started = System.Diagnostics.Stopwatch.StartNew();
        var before = scheduler.TotalBytes;
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(10));
        await timer.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        var rate = (scheduler.TotalBytes - before) / started.Elapsed.TotalSeconds;

        Assert.InRange(rate, 1048576 * 0.95, 1048576 * 1.05);
    }

    [Fact]
    public async Task Window_Closed_ParksWithTheReason_AndOpensAtOnceWhenTheLimitIsChanged()
    {
        await using var server = await ImageServer.StartAsync(Content);
        await using var host = await TransferHost.StartAsync();
        await host.SetLimitsAsync(new TransferLimits { Links = new Dictionary<string, BandwidthLimit> { ["wan"] = new() { Rules = ["never"], Hosts = ["127.0.0.1"] } } });

        var job = await host.CreateAsync(server.Location + "disk.raw");
        var parked = await host.WaitAsync(job.Id, view => view.WaitingFor is not null, "it waits");
        Assert.Equal((TransferJobState.Queued, "bandwidth-window", 0), (parked.State, parked.WaitingFor!.Reason, server.Requests));
        Assert.Contains("link:wan", parked.WaitingFor.Detail, StringComparison.Ordinal);

        await host.SetLimitsAsync(new TransferLimits());
        await host.WaitAsync(job.Id, TransferJobState.Transferred);
    }

    [Fact]
    public async Task Window_ClosesWhileItMoves_ParksTheJob()
    {
        await using var server = await ImageServer.StartAsync(Content);
        await using var host = await TransferHost.StartAsync();
        await host.SetLimitsAsync(new TransferLimits { Global = new BandwidthLimit { Rules = ["1 MiB/s"] } });
        var job = await host.CreateAsync(server.Location + "disk.raw");
        await host.WaitAsync(job.Id, view => view.Counters.BytesDone > 0, "something has arrived");

        await host.SetLimitsAsync(new TransferLimits { Global = new BandwidthLimit { Rules = ["0"] } });
        var parked = await host.WaitAsync(job.Id, view => view.State == TransferJobState.Queued, "it is parked");
        await host.SetLimitsAsync(new TransferLimits());
        var arrived = await host.WaitAsync(job.Id, TransferJobState.Transferred);

        Assert.Equal("bandwidth-window", parked.WaitingFor!.Reason);
        Assert.Equal(0, arrived.Retries);
        Assert.DoesNotContain(TransferJobState.TransientError, host.StatesOf(job.Id));
    }

    [Fact]
    public async Task Slots_OfAHost_AreWaitedForWithTheReason_AndAHigherPriorityTakesThem()
    {
        await using var server = await ImageServer.StartAsync(Content);
        await using var host = await TransferHost.StartAsync(("Ferry:Transfer:MaxConnectionsPerHost", "1"));
        await host.SetLimitsAsync(new TransferLimits { Global = new BandwidthLimit { Rules = ["1 MiB/s"] } });
        var low = await host.CreateAsync(server.Location + "disk.raw", request => request with { Priority = TransferPriority.Low });
        await host.WaitAsync(low.Id, view => view.Counters.BytesDone > 0, "something has arrived");

        var alsoLow = await host.CreateAsync(server.Location + "disk.raw", request => request with { Priority = TransferPriority.Low });
        var waiting = await host.WaitAsync(alsoLow.Id, view => view.WaitingFor is not null, "it waits");
        var normal = await host.CreateAsync(server.Location + "disk.raw");
        await host.WaitAsync(normal.Id, TransferJobState.Transferring);
        var yielded = await host.WaitAsync(low.Id, view => view.State == TransferJobState.Queued, "the lower one has yielded");
        await host.SetLimitsAsync(new TransferLimits());

        Assert.Equal("slot", waiting.WaitingFor!.Reason);
        Assert.Contains($"slot of source host {server.Host}", waiting.WaitingFor.Detail, StringComparison.Ordinal);
        Assert.Equal("slot", (await host.WaitAsync(yielded.Id, view => view.WaitingFor is not null || view.State != TransferJobState.Queued, "why")).WaitingFor?.Reason ?? "slot");
        foreach (var job in new[] { normal, low, alsoLow })
        {
            await host.WaitAsync(job.Id, TransferJobState.Transferred);
        }
    }

    [Fact]
    public async Task Limits_Nonsense_IsRefused_AndAnOlderRevisionToo()
    {
        await using var host = await TransferHost.StartAsync();

        var (status, problem) = await host.TrySetLimitsAsync(new TransferLimits { Global = new BandwidthLimit { Rules = ["fast"] } });
        Assert.Equal((HttpStatusCode.BadRequest, TransferErrors.LimitsInvalid), (status, problem.GetProperty("code").GetString()));
        Assert.Contains("The global limit", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);

        var first = await host.SetLimitsAsync(new TransferLimits { Global = new BandwidthLimit { Rules = ["1 MB/s"] } });
        await host.SetLimitsAsync(first with { MaxConnections = 3 });
        (status, problem) = await host.TrySetLimitsAsync(first with { MaxConnections = 4 });
        Assert.Equal((HttpStatusCode.Conflict, TransferErrors.LimitsChanged), (status, problem.GetProperty("code").GetString()));
        Assert.Equal(3, (await host.GetAsync<TransferLimits>("/api/v1/limits")).MaxConnections);
    }

    [Fact]
    public async Task Conversion_ItsTransferIsAJob_ThatSaysWhyItWaits_AndAnswers()
    {
        await using var server = await ImageServer.StartAsync(Content);
        await using var host = await TransferHost.StartAsync();
        await host.SetLimitsAsync(new TransferLimits { Global = new BandwidthLimit { Rules = ["1 MiB/s"] } });
        var command = new TransferDisk { ConversionId = Guid.NewGuid(), Attempt = 1, Disk = 0, Manifest = await OriginManifest.OfAsync(host, server.Location) };
        await host.SendAsync(command);
        await host.SendAsync(command);
        var page = await Eventually.GetAsync(
            () => host.GetAsync<TransferJobPage>($"/api/v1/transfers?conversionId={command.ConversionId}"),
            jobs => jobs.Transfers.Any(job => job.Counters.BytesDone > 0), "the job is visible and moves");
        var id = Assert.Single(page.Transfers).Id;

        await host.ActAsync(id, "suspend");
        await Eventually.GetAsync(
            () => Task.FromResult(host.Events.Messages.OfType<StepProgressed>().LastOrDefault()?.Progress.WaitingFor?.Reason), reason => reason == "operator", "the conversion knows");
        await host.SetLimitsAsync(new TransferLimits());
        await host.ActAsync(id, "resume");
        var transferred = await Eventually.GetAsync(
            () => Task.FromResult(host.Events.Messages.OfType<DiskTransferred>().FirstOrDefault()), answer => answer is not null, "the conversion has its answer");

        Assert.Equal((command.ConversionId, 1, 0), (transferred!.ConversionId, transferred.Attempt, transferred.Disk));
        Assert.Equal(Content.Length, transferred.Bytes.Zero + transferred.Bytes.Deduplicated + transferred.Bytes.Written);
        Assert.Equal(TransferJobState.Acknowledged, (await host.WaitAsync(id, TransferJobState.Acknowledged)).State);

        // The same command again repeats the answer.
        await host.SendAsync(command);
        await Eventually.GetAsync(() => Task.FromResult(host.Events.Messages.OfType<DiskTransferred>().Count()), count => count > 1, "the answer is repeated");
        Assert.Single(host.Events.Messages.OfType<DiskTransferred>().Select(answer => answer.Manifest).Distinct());
    }

    [Fact]
    public async Task Conversion_ItsTransferFailsForGood_FailsItsStep()
    {
        await using var server = await ImageServer.StartAsync(Content);
        await using var host = await TransferHost.StartAsync();
        var command = new TransferDisk { ConversionId = Guid.NewGuid(), Attempt = 1, Disk = 0, Manifest = await OriginManifest.OfAsync(host, server.Location) };
        server.ETag = "\"v2\"";

        await host.SendAsync(command);
        var failed = await Eventually.GetAsync(() => Task.FromResult(host.Events.Messages.OfType<StepFailed>().FirstOrDefault()), step => step is not null, "the step fails");

        Assert.Equal(DiskImages.DiskImageErrors.SourceChanged, failed!.Failure.Code);
        var job = Assert.Single((await host.GetAsync<TransferJobPage>($"/api/v1/transfers?conversionId={command.ConversionId}")).Transfers);
        Assert.Equal(TransferJobState.Error, job.State);
        Assert.Equal(HttpStatusCode.Conflict, (await host.PostAsync($"/api/v1/transfers/{job.Id}/resume")).Status);
    }

    private static byte[] Bytes()
    {
        var bytes = new byte[24 << 20];
        new Random(3).NextBytes(bytes);
        return bytes;
    }
}
