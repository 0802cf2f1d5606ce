using System.Diagnostics;
using Ferry.Hosting.Documents;
using Ferry.Hosting.Jobs;
using Ferry.Hosting.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Ferry.Hosting.Tests.Jobs;

/// <summary>A worker that cannot renew stops by itself before another may begin, and what becomes visible waits for it.</summary>
public abstract class FencingTests(Transport transport) : IDisposable
{
    private readonly Guid conversion = Guid.NewGuid();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        transport.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task WorkerThatCannotRenew_IsToldAndRefusedAtTwoThirdsOfItsLease()
    {
        transport.Settings["Ferry:Jobs:LeaseSeconds"] = "6";
        var store = new FailingStore();
        var told = new TaskCompletionSource<TimeSpan>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var host = await TestHost.StartAsync(transport, new Script
        {
            Run = async (job, stop) =>
            {
                if (job.Epoch > 1)
                {
                    return Script.Done(job);
                }

                await Work.ProveAsync(job, 0);
                store.Fails = true;
                var clock = Stopwatch.StartNew();
                job.CheckLease();
                await new TaskCompletionSource().Task.WaitAsync(stop).ContinueWith(_ => { }, TaskScheduler.Default);
                var noticed = clock.Elapsed;
                Assert.Throws<LeaseLostException>(job.CheckLease);
                told.SetResult(noticed);
                return Script.Done(job);
            },
        }, builder => Cut(builder.Services, store));
        await host.SubmitAsync(conversion);

        var noticed = await told.Task.WaitAsync(Stop);
        store.Fails = false;

        Assert.InRange(noticed, TimeSpan.FromSeconds(3.9), TimeSpan.FromSeconds(5.5));
        await host.JobAsync(conversion, job => job is { Epoch: 2, State: JobState.Succeeded }, "it is claimed again once the lease has run out");
        await host.Done.FirstAsync(done => done.ConversionId == conversion);
        Assert.Single(host.Done.Of(conversion));
    }

    [Fact]
    public async Task JobTakenOverFromASilentWorker_PublishesOnlyALeaseLater()
    {
        var store = new FailingStore();
        var silent = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var end = new TaskCompletionSource();
        await using var one = await TestHost.StartAsync(transport, new Script
        {
            Run = async (job, _) =>
            {
                store.Fails = true;
                silent.SetResult();
                await end.Task;
                return Script.Done(job);
            },
        }, builder => Cut(builder.Services, store));
        await one.SubmitAsync(conversion);
        await silent.Task.WaitAsync(Stop);
        var waited = TimeSpan.Zero;
        await using var two = await TestHost.StartAsync(transport, new Script
        {
            Run = async (job, stop) =>
            {
                var clock = Stopwatch.StartNew();
                await job.WaitOutFormerWorkersAsync(stop);
                waited = clock.Elapsed;
                return Script.Done(job);
            },
        });

        var done = await two.JobAsync(conversion, job => job.State is JobState.Succeeded, "the second worker has finished");
        end.SetResult();

        Assert.NotNull(done.TakenOverAt);
        Assert.Equal("former-worker", done.Progress!.WaitingFor!.Reason);
        Assert.InRange(waited, TimeSpan.FromSeconds(1.5), TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task JobGivenBackInOrder_DoesNotWait()
    {
        transport.Settings["Ferry:Jobs:LeaseSeconds"] = "60";
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var one = await TestHost.StartAsync(transport, new Script { Run = Script.UntilStopped(_ => started.SetResult()) });
        await one.SubmitAsync(conversion);
        await started.Task.WaitAsync(Stop);
        await one.DisposeAsync();
        await using var two = await TestHost.StartAsync(transport, new Script
        {
            Run = async (job, stop) =>
            {
                await job.WaitOutFormerWorkersAsync(stop);
                return Script.Done(job);
            },
        });

        var done = await two.JobAsync(conversion, job => job.State is JobState.Succeeded, "the next worker has finished at once");
        Assert.Equal((2, null), (done.Epoch, done.TakenOverAt));
    }

    private static void Cut(IServiceCollection services, FailingStore store)
    {
        var real = services.Last(service => service.ServiceType == typeof(IDocumentStore)).ImplementationFactory!;
        services.Replace(ServiceDescriptor.Singleton<IDocumentStore>(provider => store.Over((IDocumentStore)real(provider))));
    }
}
