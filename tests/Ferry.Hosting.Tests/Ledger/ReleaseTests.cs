using System.Collections.Concurrent;
using Ferry.Contracts.Cleanup;
using Ferry.Hosting.Documents;
using Ferry.Hosting.Jobs;
using Ferry.Hosting.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Ferry.Hosting.Tests.Ledger;

/// <summary>Releasing what a conversion has left in a service.</summary>
public abstract class ReleaseTests(Transport transport) : IDisposable
{
    private readonly Guid conversion = Guid.NewGuid();
    private readonly ConcurrentQueue<string> story = new();
    private readonly ReleaseScript release = new();

    public void Dispose()
    {
        transport.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task RunningJob_IsStoppedFirst_ThenItsResourcesGo()
    {
        release.Release = place => story.Enqueue($"released {place}");
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var host = await StartAsync(async (job, stop) =>
        {
            await job.RecordResourceAsync("image", "/a", stop);
            await job.RecordResourceAsync("image", "/b", stop);
            await job.RecordResourceAsync("image", "/kept", stop);
            await job.ForgetResourceAsync("image", "/kept", stop);
            await Work.ProveAsync(job, 0);
            started.SetResult();
            try
            {
                await new TaskCompletionSource().Task.WaitAsync(stop);
            }
            finally
            {
                story.Enqueue("stopped");
            }

            return Script.Done(job);
        });
        await host.SubmitAsync(conversion);
        await started.Task.WaitAsync(TestContext.Current.CancellationToken);

        var answer = await ReleaseAsync(host);

        Assert.Equal((TestHost.Service, 2), (answer.Service, answer.Released));
        Assert.Empty(answer.Residue);
        Assert.Equal(["stopped", "released /b", "released /a"], story);
        await host.JobAsync(conversion, job => job.State is JobState.Cancelled, "the job is cancelled");
        var documents = host.Services.GetRequiredKeyedService<ServiceDocuments>(TestHost.Service);
        Assert.Equal(0, await documents.Ledger.CountAsync(DocumentQuery.All, TestContext.Current.CancellationToken));
        Assert.Equal(0, await documents.Slices.CountAsync(DocumentQuery.All, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task DeadWorkersJob_IsFencedOff()
    {
        await using var host = await StartAsync((job, _) => Task.FromResult<object>(Script.Done(job)));
        await host.SubmitAsync(conversion);
        var ended = await host.JobAsync(conversion, job => job.State is JobState.Succeeded && !job.HasPending, "the job has ended");

        // As a worker that died leaves it, in a service that no longer handles its kind: nobody claims it.
        ended.Id += "/dead";
        ended.Kind = "gone";
        ended.State = JobState.Running;
        ended.ClaimableAt = DateTimeOffset.UnixEpoch;
        await host.JobDocuments.TryInsertAsync(ended, TestContext.Current.CancellationToken);
        await ReleaseAsync(host);

        var dead = await host.JobDocuments.GetAsync(ended.Id, TestContext.Current.CancellationToken);
        Assert.Equal((JobState.Cancelled, 2), (dead!.State, dead.Epoch));
    }

    [Fact]
    public async Task ResourceThatCannotBeReleased_IsResidue_AndTheOthersGo()
    {
        release.Release = place =>
        {
            if (place == "/stuck")
            {
                throw new IOException("The device is busy.");
            }
        };
        await using var host = await StartAsync(async (job, stop) =>
        {
            await job.RecordResourceAsync("image", "/stuck", stop);
            await job.RecordResourceAsync("image", "/loose", stop);
            await job.RecordResourceAsync("lamp", "/unknown", stop);
            return Script.Done(job);
        });
        await host.SubmitAsync(conversion);
        await host.Done.FirstAsync(done => done.ConversionId == conversion);

        var answer = await ReleaseAsync(host);

        Assert.Equal(1, answer.Released);
        Assert.Equal(2, answer.Residue.Count);
        Assert.Contains("image /stuck: The device is busy.", answer.Residue);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Product_StaysWhenTheConversionSucceeded_AndIsForgotten(bool succeeded)
    {
        release.Release = place => story.Enqueue($"released {place}");
        await using var host = await StartAsync(async (job, stop) =>
        {
            await job.RecordResourceAsync("image", "/staged", stop);
            await job.RecordResourceAsync("product", "/published", stop);
            return Script.Done(job);
        });
        await host.SubmitAsync(conversion);
        await host.Done.FirstAsync(done => done.ConversionId == conversion);

        var answer = await ReleaseAsync(host, keepProducts: succeeded);

        Assert.Equal(2, answer.Released);
        Assert.Equal(succeeded ? ["released /staged"] : ["released /published", "released /staged"], story);
        var documents = host.Services.GetRequiredKeyedService<ServiceDocuments>(TestHost.Service);
        Assert.Equal(0, await documents.Ledger.CountAsync(DocumentQuery.All, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Release_DoesNotWaitBehindWork()
    {
        transport.Settings["Ferry:Jobs:MaxConcurrent"] = "1";
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var host = await StartAsync(Script.UntilStopped(_ => started.TrySetResult()));
        await host.SubmitAsync(Guid.NewGuid());
        await started.Task.WaitAsync(TestContext.Current.CancellationToken);

        var answer = await ReleaseAsync(host);

        Assert.Equal(0, answer.Released);
    }

    [Fact]
    public async Task Jobs_ReleasedLongAgo_AreRemoved_AndNoOthers()
    {
        transport.Settings["Ferry:Jobs:ReconcileSeconds"] = "1";
        transport.Settings["Ferry:Jobs:KeepEndedDays"] = "0.00001";
        await using var host = await StartAsync((job, _) => Task.FromResult<object>(Script.Done(job)));
        var other = Guid.NewGuid();
        await host.SubmitAsync(conversion);
        await host.SubmitAsync(other);
        await host.Jobs.HoldAsync(conversion, 1, false, TestContext.Current.CancellationToken);
        await host.Done.FirstAsync(done => done.ConversionId == other);
        await host.Done.FirstAsync(done => done.ConversionId == conversion);
        await ReleaseAsync(host);

        var documents = host.Services.GetRequiredKeyedService<ServiceDocuments>(TestHost.Service);
        await Eventually.GetAsync(
            async () => await documents.Jobs.CountAsync(DocumentQuery.Where("conversionId", conversion), TestContext.Current.CancellationToken), count => count == 0, "its jobs are removed");

        Assert.Equal(0, await documents.Holds.CountAsync(DocumentQuery.All, TestContext.Current.CancellationToken));
        Assert.NotNull(await host.JobDocuments.GetAsync(TestHost.Key(other).ToString(), TestContext.Current.CancellationToken));
    }

    private Task<TestHost> StartAsync(Func<JobContext<CleanUpConversion>, CancellationToken, Task<object>> run) =>
        TestHost.StartAsync(transport, new Script { Run = run }, builder =>
        {
            builder.Services.AddSingleton(release);
            builder.AddResourceReleaser<ImageReleaser>(TestHost.Service);
            builder.AddResourceReleaser<ProductReleaser>(TestHost.Service);
            builder.Record<ResourcesReleased>();
        });

    private async Task<ResourcesReleased> ReleaseAsync(TestHost host, bool keepProducts = false)
    {
        await host.Bus.Publish(new ReleaseResources { ConversionId = conversion, Attempt = 1, KeepProducts = keepProducts }, TestContext.Current.CancellationToken);
        var answers = host.Services.GetRequiredService<Recorder<ResourcesReleased>>();
        return (await answers.FirstAsync(answer => answer.ConversionId == conversion)).Message;
    }
}
