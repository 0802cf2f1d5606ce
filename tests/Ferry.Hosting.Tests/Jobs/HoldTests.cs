using System.Diagnostics;
using Ferry.Contracts.Jobs;
using Ferry.Hosting.Jobs;
using Ferry.Hosting.Tests.Support;
using MassTransit;

namespace Ferry.Hosting.Tests.Jobs;

/// <summary>A paused conversion's jobs rest, whenever they come, until it is resumed.</summary>
public abstract class HoldTests(Transport transport) : IDisposable
{
    private readonly Guid conversion = Guid.NewGuid();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        transport.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task RunningJob_RestsWithinTwoSeconds_AndGoesOnBehindItsSlices()
    {
        // Renewal alone would take half a lease: the hint must do it.
        transport.Settings["Ferry:Jobs:LeaseSeconds"] = "60";
        transport.Settings["Ferry:Jobs:RenewSeconds"] = "20";
        var runs = 0;
        await using var host = await TestHost.StartAsync(transport, new Script
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
        });
        await host.SubmitAsync(conversion);
        await host.JobAsync(conversion, job => job.SettledEpoch == 1, "a slice is proven");

        var clock = Stopwatch.StartNew();
        await SayAsync(host, 1, held: true);
        await host.JobAsync(conversion, job => job.State is JobState.Suspended, "the job rests");
        Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(2));

        await SayAsync(host, 2, held: false);
        var done = await host.JobAsync(conversion, job => job.State is JobState.Succeeded, "the job has gone on");
        Assert.Equal((2, 0), (done.Epoch, done.Retries));
    }

    [Fact]
    public async Task JobThatComesBehindThePause_DoesNotRun()
    {
        var resumed = false;
        await using var host = await TestHost.StartAsync(transport, new Script
        {
            Run = async (job, stop) =>
            {
                if (!Volatile.Read(ref resumed))
                {
                    await new TaskCompletionSource().Task.WaitAsync(stop);
                }

                return Script.Done(job);
            },
        });
        await host.Jobs.HoldAsync(conversion, 1, held: true, Stop);
        // A worker may claim it in the moment before it is told to rest; then it stops without having run to its end.
        await host.SubmitAsync(conversion);
        await host.JobAsync(conversion, job => job.State is JobState.Suspended, "the job rests");
        Volatile.Write(ref resumed, true);
        await host.Jobs.HoldAsync(conversion, 2, held: false, Stop);
        await host.JobAsync(conversion, job => job.State is JobState.Succeeded, "the job has run");
    }

    [Fact]
    public async Task LateAndRepeatedOrders_ChangeNothing_AndCancellingIsFinal()
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var host = await TestHost.StartAsync(transport, new Script { Run = Script.UntilStopped(_ => started.TrySetResult()) });
        await host.SubmitAsync(conversion);
        await started.Task.WaitAsync(Stop);

        await host.Jobs.HoldAsync(conversion, 2, held: false, Stop);
        await host.Jobs.HoldAsync(conversion, 1, held: true, Stop);
        var job = await host.JobAsync(conversion, _ => true, "the job");
        Assert.Equal((JobState.Running, DesiredState.Run), (job.State, job.Desired));

        await host.Jobs.HoldAsync(conversion, 3, held: true, Stop);
        await host.JobAsync(conversion, job => job.State is JobState.Suspended, "the job rests");
        await host.Jobs.SetDesiredAsync(conversion, DesiredState.Cancel, Stop);
        await host.Jobs.HoldAsync(conversion, 4, held: false, Stop);
        Assert.Equal(JobState.Cancelled, (await host.JobAsync(conversion, _ => true, "the job")).State);
    }

    [Fact]
    public async Task ShortJob_FinishesFirst()
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var go = new TaskCompletionSource();
        await using var host = await TestHost.StartAsync(transport, new Script
        {
            Run = async (job, stop) =>
            {
                started.SetResult();
                await go.Task.WaitAsync(stop);
                return Script.Done(job);
            },
        }, finishesFirst: true);
        await host.SubmitAsync(conversion);
        await started.Task.WaitAsync(Stop);

        await host.Jobs.HoldAsync(conversion, 1, held: true, Stop);
        var told = await host.JobAsync(conversion, job => job.Desired is DesiredState.Suspend, "it is to rest");
        var first = await host.JobAsync(conversion, job => job.ClaimableAt > told.ClaimableAt, "its worker has renewed since");
        Assert.Equal(JobState.Running, (await host.JobAsync(conversion, job => job.ClaimableAt > first.ClaimableAt, "and again")).State);
        go.SetResult();

        Assert.Equal(1, (await host.JobAsync(conversion, job => job.State is JobState.Succeeded, "it has ended")).Epoch);
    }

    private Task SayAsync(TestHost host, int revision, bool held) =>
        host.Bus.Publish(new ConversionHeld { ConversionId = conversion, Revision = revision, Held = held }, Stop);
}
