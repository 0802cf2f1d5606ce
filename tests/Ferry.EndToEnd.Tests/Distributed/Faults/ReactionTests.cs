using Ferry.Hosting.Jobs;

namespace Ferry.EndToEnd.Tests.Distributed.Faults;

/// <summary>
/// Pausing, resuming and cancelling a conversion in the middle of a step takes effect within ten seconds with every service its own process: no worker has a job of it any more, or one has again. On a real RabbitMQ and the
/// MongoDB driver against the emulator.
/// </summary>
[Trait("Tier", "all")]
public sealed class ReactionTests(FaultLab lab)
{
    private const int Chunks = 128;
    private static readonly TimeSpan Most = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Answer = TimeSpan.FromMilliseconds(600);
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(2);

    [Theory]
    [InlineData(FaultStep.Transfer)]
    [InlineData(FaultStep.Conversion)]
    public Task PauseAndResume_TakeEffectWithinTenSeconds(FaultStep step) => RunAsync(Row(step), async run =>
    {
        await WithinAsync("pause", run, () => IsIdleAsync(run));
        var paused = await lab.Ferry.WaitAsync(run.Id, view => view.State == "Paused" || view.Ended);
        Assert.Equal("Paused", paused.State);
        Assert.DoesNotContain(paused.Steps, x => x.Step == StepOf(step) && x.EndedAt is not null);
        var proven = (await lab.Ferry.ProvenSlicesAsync(run.Row.Service, run.Id)).Count;
        Assert.InRange(proven, 1, Chunks - 1);
        await Task.Delay(Quiet, TestContext.Current.CancellationToken);
        Assert.Equal(proven, (await lab.Ferry.ProvenSlicesAsync(run.Row.Service, run.Id)).Count);
        lab.Web.Delay = TimeSpan.Zero;
        await WithinAsync("resume", run, async () => (await lab.Ferry.ProvenSlicesAsync(run.Row.Service, run.Id)).Count > proven);
    });

    [Theory]
    [InlineData(FaultStep.Transfer)]
    [InlineData(FaultStep.Conversion)]
    public Task Cancel_TakesEffectWithinTenSeconds_AndLeavesNothing(FaultStep step) =>
        RunAsync(Row(step) with { Cancelled = true }, run => WithinAsync("cancel", run, () => IsIdleAsync(run)));

    private static FaultRow Row(FaultStep step) => new(FaultKind.Stopped, step, FaultMatrix.PointOf(step));

    private static string StepOf(FaultStep step) => step is FaultStep.Conversion ? "convert" : "transfer";

    private async Task RunAsync(FaultRow row, Func<FaultRun, Task> act)
    {
        await lab.ReadyAsync();
        var run = await FaultRun.PrepareAsync(lab, row, Chunks);
        try
        {
            if (row.Step is FaultStep.Transfer)
            {
                lab.Web.Delay = Answer;
                await run.SubmitAsync();
                await lab.Ferry.WaitAsync(run.Id, view => view.Ended || view.Progress.Sum(disk => disk.BytesDone) > 0);
            }
            else
            {
                // It is slower than its disk: the worker sleeps through most of every second.
                var worker = await lab.Ferry.ReplaceAsync(row.Service, row.Point + ":stop");
                await run.SubmitAsync();
                await lab.Ferry.UntilAsync(() => worker.IsStopped, $"{row.Service} is at {row.Point}");
                await using var slow = new SlowProcess(worker);
                await act(run);
                await slow.DisposeAsync();
                await EndAsync(run);
                return;
            }

            await act(run);
            await EndAsync(run);
        }
        catch
        {
            await lab.ResetAsync();
            throw;
        }
        finally
        {
            lab.Web.Delay = TimeSpan.Zero;
            run.DeleteFiles();
        }
    }

    private async Task EndAsync(FaultRun run)
    {
        lab.Web.Delay = TimeSpan.Zero;
        await new FaultChecks(lab, run).CheckAsync(await lab.Ferry.WaitAsync(run.Id));
    }

    private async Task WithinAsync(string action, FaultRun run, Func<Task<bool>> effect)
    {
        var asked = TimeProvider.System.GetTimestamp();
        await lab.Ferry.ActAsync(run.Id, action);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (!await effect())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(asked) < Most, $"{action} has no effect after {Most}:\n{lab.Ferry.Logs()}");
            await timer.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }

        var elapsed = TimeProvider.System.GetElapsedTime(asked);
        Assert.True(elapsed < Most, $"{action} took {elapsed}");
    }

    private async Task<bool> IsIdleAsync(FaultRun run) =>
        (await StoredDocuments.JobsAsync(lab.Ferry.Mongo, run.Row.Service, run.Id)).Where(job => job.Step == StepOf(run.Row.Step)).All(job => job.State is not JobState.Running);
}
