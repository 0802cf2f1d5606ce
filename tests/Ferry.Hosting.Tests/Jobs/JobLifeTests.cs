using Ferry.Hosting.Jobs;
using Ferry.Hosting.Tests.Support;

namespace Ferry.Hosting.Tests.Jobs;

/// <summary>From the command to the event.</summary>
public abstract class JobLifeTests(Transport transport) : IDisposable
{
    private readonly Script script = new();
    private readonly Guid conversion = Guid.NewGuid();

    public void Dispose()
    {
        transport.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Command_IsRun_AndItsEventPublished()
    {
        await using var host = await TestHost.StartAsync(transport, script);

        var queue = await host.Bus.GetSendEndpoint(new Uri("exchange:clean-up-conversion"));
        await queue.Send(TestHost.Command(conversion), TestContext.Current.CancellationToken);

        await host.Done.FirstAsync(done => done.ConversionId == conversion);
        var job = await host.JobAsync(conversion, job => job.State is JobState.Succeeded && !job.HasPending, "the job has succeeded and its event is confirmed");
        Assert.Equal(1, job.Epoch);
    }

    [Fact]
    public async Task Deferred_GivesTheLeaseBack_CountsNothing_AndGoesOnWhenItIsWoken()
    {
        var runs = 0;
        script.Run = (job, _) => Interlocked.Increment(ref runs) < 3
            ? throw new JobDeferredException(null, null)
            : Task.FromResult<object>(Script.Done(job));
        await using var host = await TestHost.StartAsync(transport, script);

        await host.SubmitAsync(conversion);
        var waiting = await host.JobAsync(conversion, job => job is { State: JobState.Queued, Epoch: 1, SettledEpoch: 1 }, "it waits");
        Assert.Equal((DateTimeOffset.MaxValue.Date, 0), (waiting.ClaimableAt.Date, waiting.Retries));
        await host.Jobs.WakeAsync(TestHost.Key(conversion), TestContext.Current.CancellationToken);
        await host.JobAsync(conversion, job => job is { State: JobState.Queued, Epoch: 2, SettledEpoch: 2 }, "it waits again");
        await host.Jobs.WakeAsync(TestHost.Key(conversion), TestContext.Current.CancellationToken);

        await host.Done.FirstAsync(done => done.ConversionId == conversion);
    }

    [Fact]
    public async Task Deferred_WokenWhileItLeaves_IsClaimedAgainAtOnce()
    {
        var runs = 0;
        TestHost? host = null;
        script.Run = async (job, stop) =>
        {
            if (Interlocked.Increment(ref runs) > 1)
            {
                return Script.Done(job);
            }

            await host!.Jobs.WakeAsync(TestHost.Key(conversion), stop);
            throw new JobDeferredException(null, null);
        };
        await using var started = await TestHost.StartAsync(transport, script);
        host = started;

        await host.SubmitAsync(conversion);

        await host.Done.FirstAsync(done => done.ConversionId == conversion);
    }

    [Fact]
    public async Task SameCommandTwice_IsOneJob_AndAfterTheEndRepeatsTheSameEvent()
    {
        var runs = 0;
        var go = new TaskCompletionSource();
        script.Run = async (job, stop) =>
        {
            Interlocked.Increment(ref runs);
            await go.Task.WaitAsync(stop);
            return Script.Done(job);
        };
        await using var host = await TestHost.StartAsync(transport, script);

        await host.SubmitAsync(conversion);
        await host.SubmitAsync(conversion);
        go.SetResult();
        var first = await host.Done.FirstAsync(done => done.ConversionId == conversion);
        await host.JobAsync(conversion, job => job.State is JobState.Succeeded && !job.HasPending, "the event is confirmed");
        await host.SubmitAsync(conversion);
        await Eventually.IsAsync(() => host.Done.Of(conversion).Count == 2, "the event comes again");

        Assert.Equal(1, runs);
        Assert.Equal(first.MessageId, host.Done.Of(conversion)[1].MessageId);
    }
}
