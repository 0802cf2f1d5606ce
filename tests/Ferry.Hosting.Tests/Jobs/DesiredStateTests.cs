using System.Diagnostics;
using Ferry.Hosting.Jobs;
using Ferry.Hosting.Tests.Support;

namespace Ferry.Hosting.Tests.Jobs;

/// <summary>Suspending, resuming and cancelling.</summary>
public abstract class DesiredStateTests(Transport transport) : IDisposable
{
    private readonly Guid conversion = Guid.NewGuid();

    public void Dispose()
    {
        transport.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task RunningJob_IsSuspended_AndGoesOnBehindItsSlices()
    {
        var runs = 0;
        var script = new Script
        {
            Run = async (job, stop) =>
            {
                if (++runs == 1)
                {
                    await Work.ProveAsync(job, 0);
                    await new TaskCompletionSource().Task.WaitAsync(stop);
                }

                Assert.Single(await job.GetProvenSlicesAsync(stop));
                return Script.Done(job);
            },
        };
        await using var host = await TestHost.StartAsync(transport, script);
        await host.SubmitAsync(conversion);
        await host.JobAsync(conversion, job => job.SettledEpoch == 1, "a slice is proven");

        await host.Jobs.SetDesiredAsync(conversion, DesiredState.Suspend, TestContext.Current.CancellationToken);
        var suspended = await host.JobAsync(conversion, job => job.State is JobState.Suspended, "the job is suspended");
        await host.Jobs.SetDesiredAsync(conversion, DesiredState.Run, TestContext.Current.CancellationToken);
        var done = await host.JobAsync(conversion, job => job.State is JobState.Succeeded, "the job has gone on");

        Assert.Equal((1, 2, 0), (suspended.Epoch, done.Epoch, done.Retries));
    }

    [Fact]
    public async Task RunningJob_IsCancelledInAboutASecond()
    {
        // Renewal alone would take half a lease: the hint must do it.
        transport.Settings["Ferry:Jobs:LeaseSeconds"] = "60";
        transport.Settings["Ferry:Jobs:RenewSeconds"] = "20";
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var host = await TestHost.StartAsync(transport, new Script { Run = Script.UntilStopped(_ => started.SetResult()) });
        await host.SubmitAsync(conversion);
        await started.Task.WaitAsync(TestContext.Current.CancellationToken);

        var clock = Stopwatch.StartNew();
        await host.Jobs.SetDesiredAsync(conversion, DesiredState.Cancel, TestContext.Current.CancellationToken);
        await host.JobAsync(conversion, job => job.State is JobState.Cancelled, "the job is cancelled");

        Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(2));
        Assert.DoesNotContain(host.Failed.All, failed => failed.Message.ConversionId == conversion);
    }

    [Fact]
    public async Task WaitingJob_IsCancelledAtOnce_AndNeverRuns()
    {
        transport.Settings["Ferry:Jobs:MaxConcurrent"] = "1";
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var ran = new List<Guid>();
        await using var host = await TestHost.StartAsync(transport, new Script
        {
            Run = Script.UntilStopped(job =>
            {
                ran.Add(job.ConversionId);
                started.TrySetResult();
            }),
        });
        var busy = Guid.NewGuid();
        await host.SubmitAsync(busy);
        await started.Task.WaitAsync(TestContext.Current.CancellationToken);
        await host.SubmitAsync(conversion);

        await host.Jobs.SetDesiredAsync(conversion, DesiredState.Cancel, TestContext.Current.CancellationToken);
        await host.JobAsync(conversion, job => job.State is JobState.Cancelled, "the waiting job is cancelled");
        await host.Jobs.SetDesiredAsync(busy, DesiredState.Cancel, TestContext.Current.CancellationToken);
        await host.JobAsync(busy, job => job.State is JobState.Cancelled, "the running job is cancelled");

        Assert.Equal([busy], ran);
    }
}
