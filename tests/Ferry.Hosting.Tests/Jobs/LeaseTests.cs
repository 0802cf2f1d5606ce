using Ferry.Contracts.Cleanup;
using Ferry.Hosting.Documents;
using Ferry.Hosting.Jobs;
using Ferry.Hosting.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Ferry.Hosting.Tests.Jobs;

/// <summary>Who may work on a job.</summary>
public abstract class LeaseTests(Transport transport) : IDisposable
{
    private readonly Guid conversion = Guid.NewGuid();

    public void Dispose()
    {
        transport.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task WorkerThatStopsRenewing_IsTakenOver_AndItsWritesAreRefused()
    {
        // The first worker's store goes away after its first slice: it can neither renew nor hear.
        var store = new FailingStore();
        var zombie = new TaskCompletionSource<JobContext<CleanUpConversion>>(TaskCreationOptions.RunContinuationsAsynchronously);
        var told = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var end = new TaskCompletionSource();
        var first = new Script
        {
            Run = async (job, stop) =>
            {
                await Work.ProveAsync(job, 0);
                using var registration = stop.Register(() => told.TrySetResult());
                store.Fails = true;
                zombie.SetResult(job);
                await end.Task; // Deaf: it does not stop when told.
                return Script.Done(job);
            },
        };
        IReadOnlyList<SliceDocument> seen = [];
        var second = new Script
        {
            Run = async (job, stop) =>
            {
                seen = await job.GetProvenSlicesAsync(stop);
                await Work.ProveAsync(job, 1);
                return Script.Done(job);
            },
        };

        await using var one = await TestHost.StartAsync(transport, first, builder =>
        {
            var real = builder.Services.Last(service => service.ServiceType == typeof(IDocumentStore)).ImplementationFactory!;
            builder.Services.Replace(ServiceDescriptor.Singleton<IDocumentStore>(provider => store.Over((IDocumentStore)real(provider))));
        });
        await one.SubmitAsync(conversion);
        var job = await zombie.Task.WaitAsync(TestContext.Current.CancellationToken);
        await using var two = await TestHost.StartAsync(transport, second);

        var ended = await two.JobAsync(conversion, job => job.State is JobState.Succeeded, "the other worker has finished");
        await told.Task.WaitAsync(TestContext.Current.CancellationToken);
        store.Fails = false;
        await Assert.ThrowsAsync<LeaseLostException>(async () => await Work.ProveAsync(job, 2));
        await Assert.ThrowsAsync<LeaseLostException>(async () => await job.RecordResourceAsync("image", "/x", TestContext.Current.CancellationToken));
        // The document is written first and its message sent after it.
        await Eventually.IsAsync(() => one.Done.Of(conversion).Concat(two.Done.Of(conversion)).Any(), "the other worker's result has been sent");
        end.SetResult();
        await one.StopAsync();

        Assert.Equal(2, ended.Epoch);
        Assert.Equal([0L], seen.Select(slice => slice.First));
        var after = await two.JobDocuments.GetAsync(ended.Id, TestContext.Current.CancellationToken);
        Assert.Equal((ended.Epoch, ended.Outcome!.MessageId), (after!.Epoch, after.Outcome!.MessageId));
        Assert.Single(one.Done.Of(conversion).Concat(two.Done.Of(conversion)));
    }

    [Fact]
    public async Task Slice_ProvenAgain_IsHarmless_AndOtherChunksAreRefused()
    {
        var script = new Script
        {
            Run = async (job, stop) =>
            {
                await Work.ProveAsync(job, 0);
                await Work.ProveAsync(job, 0);
                await Work.ProveAsync(job, 0, count: 3);
                await Work.ProveAsync(job, 0, count: 2);
                var slice = Assert.Single(await job.GetProvenSlicesAsync(stop));
                Assert.Equal(3, slice.Count);
                await Assert.ThrowsAsync<InvalidOperationException>(async () => await Work.ProveAsync(job, 0, entry: 2));
                return Script.Done(job);
            },
        };
        await using var host = await TestHost.StartAsync(transport, script);

        await host.SubmitAsync(conversion);

        await host.JobAsync(conversion, job => job.State is JobState.Succeeded, "the job has succeeded");
    }

    [Fact]
    public async Task Shutdown_GivesTheLeaseBack()
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var one = await TestHost.StartAsync(transport, new Script { Run = Script.UntilStopped(_ => started.SetResult()) });
        await one.SubmitAsync(conversion);
        await started.Task.WaitAsync(TestContext.Current.CancellationToken);
        await one.DisposeAsync();

        await using var two = await TestHost.StartAsync(transport, new Script());

        var job = await two.JobAsync(conversion, job => job.State is JobState.Succeeded, "the next process has finished it");
        Assert.Equal((2, 0), (job.Epoch, job.Retries));
    }
}
