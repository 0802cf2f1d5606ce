using System.Net;
using Ferry.Contracts.Transfer;
using Ferry.Transfer.Jobs;

namespace Ferry.Transfer.Tests.Jobs;

/// <summary>Transfer jobs over their REST API, from a real web server.</summary>
public sealed class TransferJobTests
{
    private const int Size = (12 << 20) + 12_345;
    private static readonly byte[] Content = Bytes();

    /// <summary>Each opening of a source asks for one byte, to see that it answers ranges.</summary>
    private const int OpeningBytes = 8;

    [Fact]
    public async Task Create_IntoTheChunkStore_ArrivesAndTellsEveryState()
    {
        await using var server = await ImageServer.StartAsync(Content);
        await using var host = await TransferHost.StartAsync();

        var job = await host.CreateAsync(server.Location + "disk.raw");
        var arrived = await host.WaitAsync(job.Id, TransferJobState.Transferred);

        Assert.Equal(Size, arrived.Counters.BytesDone);
        Assert.Equal(Size, arrived.Counters.BytesTotal);
        Assert.Equal(Size, arrived.Counters.BytesMoved);
        Assert.Equal((1, 1, 0L), (arrived.Counters.FilesDone, arrived.Counters.FilesTotal, arrived.Counters.BytesResent));
        Assert.NotNull(arrived.Files[0].Manifest);
        Assert.Equal(TransferJobState.Acknowledged, (await host.ActAsync(job.Id, "acknowledge")).State);
        Assert.Equal(TransferJobState.Acknowledged, (await host.ActAsync(job.Id, "acknowledge")).State);
        await Eventually.GetAsync(() => Task.FromResult(host.StatesOf(job.Id)), states => states is [.., TransferJobState.Acknowledged], "the last event");
        Assert.Equal(
            [TransferJobState.Queued, TransferJobState.Connecting, TransferJobState.Transferring, TransferJobState.Transferred, TransferJobState.Acknowledged],
            host.StatesOf(job.Id));
    }

    [Fact]
    public async Task Acknowledged_LongAgo_IsRemoved_AndAnUnfinishedOneStays()
    {
        await using var server = await ImageServer.StartAsync(Content);
        await using var host = await TransferHost.StartAsync(("Ferry:Transfer:KeepEnded", "00:00:00.500"));
        var kept = await host.CreateAsync(server.Location + "disk.raw", request => request with { Suspended = true });
        var job = await host.CreateAsync(server.Location + "disk.raw");
        await host.WaitAsync(job.Id, TransferJobState.Transferred);
        await host.ActAsync(job.Id, "acknowledge");

        var sweeper = Microsoft.Extensions.DependencyInjection.ActivatorUtilities.CreateInstance<TransferSweeper>(host.Services);
        await Eventually.GetAsync(
            async () =>
            {
                await sweeper.SweepAsync(TestContext.Current.CancellationToken);
                return await host.GetAsync<TransferJobPage>("/api/v1/transfers");
            },
            page => page.Total == 1,
            "the job is removed");

        Assert.Equal(TransferJobState.Suspended, (await host.GetAsync<TransferJobView>($"/api/v1/transfers/{kept.Id}")).State);
        var queue = Microsoft.Extensions.DependencyInjection.ServiceProviderKeyedServiceExtensions.GetRequiredKeyedService<Hosting.Jobs.IJobQueue>(host.Services, "transfer");
        Assert.Empty(await queue.GetJobsAsync(job.Id, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Create_Again_IsTheSameJob_AndAnotherWithItsId_IsRefused()
    {
        await using var server = await ImageServer.StartAsync(Content);
        await using var host = await TransferHost.StartAsync();
        var request = new TransferJobRequest
        {
            Id = Guid.NewGuid(), Name = "a", Suspended = true, Files = [new TransferFileRequest { Source = server.Location + "disk.raw" }],
        };

        Assert.Equal(HttpStatusCode.Created, (await host.PostAsync("/api/v1/transfers", request)).Status);
        Assert.Equal(HttpStatusCode.OK, (await host.PostAsync("/api/v1/transfers", request)).Status);
        var (status, problem) = await host.PostAsync("/api/v1/transfers", request with { Name = "b" });

        Assert.Equal(HttpStatusCode.Conflict, status);
        Assert.Equal(TransferErrors.IdTaken, problem.GetProperty("code").GetString());
        Assert.Equal(1, (await host.GetAsync<TransferJobPage>("/api/v1/transfers")).Total);
    }

    [Fact]
    public async Task Create_IntoTheLibrary_AppearsWhenItIsComplete_AndIsRemovedWithTheJob()
    {
        await using var server = await ImageServer.StartAsync(Content);
        await using var host = await TransferHost.StartAsync();
        await host.SetLimitsAsync(new TransferLimits { Global = new BandwidthLimit { Rules = ["1 MiB/s"] } });
        var file = Path.Combine(host.Library, "vm", "disk.raw");

        var job = await host.CreateAsync(server.Location + "disk.raw", destination: "vm/disk.raw");
        await host.WaitAsync(job.Id, view => view.Counters.BytesDone > 0, "something has arrived");
        Assert.False(File.Exists(file));
        await host.SetLimitsAsync(new TransferLimits());
        await host.WaitAsync(job.Id, TransferJobState.Transferred);

        Assert.Equal(Content, await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken));
        Assert.Equal([file], Directory.GetFiles(Path.GetDirectoryName(file)!));
        await host.ActAsync(job.Id, "cancel");
        Assert.Empty(Directory.GetFiles(Path.GetDirectoryName(file)!));
    }

    [Fact]
    public async Task Create_DestinationExists_EndsInError_AndLeavesTheFile()
    {
        await using var server = await ImageServer.StartAsync(Content);
        await using var host = await TransferHost.StartAsync();
        var file = Path.Combine(host.Library, "disk.raw");
        await File.WriteAllTextAsync(file, "mine", TestContext.Current.CancellationToken);

        var job = await host.CreateAsync(server.Location + "disk.raw", destination: "disk.raw");
        var failed = await host.WaitAsync(job.Id, TransferJobState.Error);
        await host.ActAsync(job.Id, "cancel");

        Assert.Equal(TransferErrors.DestinationExists, failed.Failure!.Code);
        Assert.Equal("mine", await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Suspend_WhileItMoves_StopsIt_AndResumeReadsNothingAgainThatIsProven()
    {
        await using var server = await ImageServer.StartAsync(Content);
        await using var host = await TransferHost.StartAsync();
        await host.SetLimitsAsync(new TransferLimits { Global = new BandwidthLimit { Rules = ["1 MiB/s"] } });
        var job = await host.CreateAsync(server.Location + "disk.raw");
        await host.WaitAsync(job.Id, view => view.Counters.BytesDone > 0, "something has arrived");

        var suspended = await host.ActAsync(job.Id, "suspend");
        Assert.Equal(TransferJobState.Suspended, suspended.State);
        Assert.Equal("operator", suspended.WaitingFor!.Reason);
        Assert.Equal(TransferJobState.Suspended, (await host.ActAsync(job.Id, "suspend")).State);
        await host.SetLimitsAsync(new TransferLimits());
        await Eventually.GetAsync(
            async () => (Before: server.Requests, After: await Later(server)), requests => requests.Before == requests.After, "nothing is asked for any more");
        server.Ranges.Clear();
        await host.ActAsync(job.Id, "resume");
        var arrived = await host.WaitAsync(job.Id, TransferJobState.Transferred);

        Assert.Equal(Size, arrived.Counters.BytesDone);
        var asked = server.Ranges.Sum(range => range.To - range.From + 1);

        // At least the chunk that had arrived is not asked for.
        Assert.InRange(asked, 1 << 20, Size - (1 << 20) + OpeningBytes);
        Assert.InRange(arrived.Counters.BytesResent, 0, 4 * 2 << 20);
    }

    [Theory]
    [InlineData("acknowledge")]
    public async Task Act_NotPossible_IsRefused(string action)
    {
        await using var server = await ImageServer.StartAsync(Content);
        await using var host = await TransferHost.StartAsync();
        var job = await host.CreateAsync(server.Location + "disk.raw", request => request with { Suspended = true });

        var (status, problem) = await host.PostAsync($"/api/v1/transfers/{job.Id}/{action}");

        Assert.Equal(HttpStatusCode.Conflict, status);
        Assert.Equal(TransferErrors.WrongState, problem.GetProperty("code").GetString());
        Assert.Equal(HttpStatusCode.NotFound, (await host.PostAsync($"/api/v1/transfers/{Guid.NewGuid()}/{action}")).Status);
        Assert.Equal(TransferJobState.Cancelled, (await host.ActAsync(job.Id, "cancel")).State);
        Assert.Equal(HttpStatusCode.Conflict, (await host.PostAsync($"/api/v1/transfers/{job.Id}/resume")).Status);
    }

    [Fact]
    public async Task Restart_OfTheService_GoesOnBehindWhatIsProven()
    {
        await using var server = await ImageServer.StartAsync(Content);
        await using var host = await TransferHost.StartAsync();
        await host.SetLimitsAsync(new TransferLimits { Global = new BandwidthLimit { Rules = ["1 MiB/s"] } });
        var job = await host.CreateAsync(server.Location + "disk.raw", destination: "disk.raw");
        await host.WaitAsync(job.Id, view => view.Counters.BytesDone >= 2 << 20, "something has arrived");

        await host.StopAsync();
        server.Ranges.Clear();
        await host.StartAgainAsync();
        await host.SetLimitsAsync(new TransferLimits());
        await host.WaitAsync(job.Id, TransferJobState.Transferred);

        Assert.Equal(Content, await File.ReadAllBytesAsync(Path.Combine(host.Library, "disk.raw"), TestContext.Current.CancellationToken));
        Assert.InRange(server.Ranges.Sum(range => range.To - range.From + 1), 1, Size - (2 << 20) + OpeningBytes);
    }

    [Theory]
    [InlineData("""{ "name": "a", "files": [] }""", "id")]
    [InlineData("""{ "id": "3b241101-e2bb-4255-8caf-4136c566a962", "name": "", "files": [{}] }""", "files[0]")]
    [InlineData("""{ "id": "3b241101-e2bb-4255-8caf-4136c566a962", "name": "a", "files": [{ "source": "http://u:hush@h/x" }] }""", "files[0]")]
    [InlineData("""{ "id": "3b241101-e2bb-4255-8caf-4136c566a962", "name": "a", "files": [{ "source": "http://h/x", "destination": "../x" }] }""", "files[0]")]
    [InlineData("""{ "id": "3b241101-e2bb-4255-8caf-4136c566a962", "name": "a", "files": [{ "source": "http://h/x", "destination": "/etc/x" }] }""", "files[0]")]
    [InlineData("""{ "id": "3b241101-e2bb-4255-8caf-4136c566a962", "name": "a", "files": [{ "source": "file:///etc/passwd" }] }""", "files[0]")]
    public async Task Create_WrongRequest_IsRefused_WithoutTheSecret(string request, string field)
    {
        await using var host = await TransferHost.StartAsync();

        var (status, problem) = await host.PostAsync("/api/v1/transfers", System.Text.Json.JsonDocument.Parse(request).RootElement);

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.DoesNotContain("hush", problem.ToString(), StringComparison.Ordinal);
        if (field != "id")
        {
            Assert.Contains(field, problem.GetProperty("errors").ToString(), StringComparison.Ordinal);
        }
    }

    private static async Task<int> Later(ImageServer server)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(300));
        await timer.WaitForNextTickAsync();
        return server.Requests;
    }

    private static byte[] Bytes()
    {
        var bytes = new byte[Size];
        new Random(1).NextBytes(bytes);
        return bytes;
    }
}
