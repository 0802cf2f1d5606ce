using Ferry.Contracts;
using Ferry.Hosting.Jobs;
using Ferry.Hosting.Tests.Support;

namespace Ferry.Hosting.Tests.Jobs;

/// <summary>What happens when a job does not succeed.</summary>
public sealed class RetryTests : IDisposable
{
    private readonly Transport transport = new();
    private readonly Guid conversion = Guid.NewGuid();

    public void Dispose() => transport.Dispose();

    [Fact]
    public async Task TransientFailure_IsRetried_AndSaysWhatItWaitsFor()
    {
        transport.Settings["Ferry:Jobs:RetryBaseSeconds"] = "1";
        var runs = 0;
        var script = new Script
        {
            Run = (job, _) => ++runs == 1 ? throw new JobFailedException(Failure(retryable: true)) : Task.FromResult<object>(Script.Done(job)),
        };
        await using var host = await TestHost.StartAsync(transport, script);

        await host.SubmitAsync(conversion);

        var waiting = await host.JobAsync(conversion, job => job is { State: JobState.Queued, Retries: 1 }, "the job waits for its retry");
        Assert.Equal("retry", waiting.Progress?.WaitingFor?.Reason);
        Assert.Equal("SOURCE_AWAY", waiting.Failure?.Code);
        Assert.InRange(waiting.ClaimableAt - waiting.Progress!.WaitingFor!.Since, TimeSpan.FromSeconds(0.1), TimeSpan.FromSeconds(1));
        var done = await host.JobAsync(conversion, job => job.State is JobState.Succeeded, "the retry has succeeded");
        Assert.Null(done.Failure);
        Assert.Equal(2, done.Epoch);
    }

    [Fact]
    public async Task WaitingForSpace_IsNoFailure_AndGoesOnWhenThereIs()
    {
        transport.Settings["Ferry:Jobs:MaxRetries"] = "2";
        transport.Settings["Ferry:Jobs:WaitRetrySeconds"] = "0.1";
        var space = false;
        var full = new Failure { Code = "STORE_FULL", Message = "The store is full.", Remedy = "Make room.", Retryable = true };
        var script = new Script
        {
            Run = (job, _) => space ? Task.FromResult<object>(Script.Done(job)) : throw new JobFailedException(full) { WaitReason = "space" },
        };
        await using var host = await TestHost.StartAsync(transport, script);
        await host.SubmitAsync(conversion);

        var waiting = await host.JobAsync(conversion, job => job is { State: JobState.Queued, Epoch: > 1 }, "the job waits");
        var since = waiting.Progress!.WaitingFor!.Since;
        waiting = await host.JobAsync(conversion, job => job is { State: JobState.Queued, Epoch: > 5 }, "the job waits longer than it may fail");

        Assert.Equal(("space", "The store is full. Make room.", since), (waiting.Progress!.WaitingFor!.Reason, waiting.Progress.WaitingFor.Detail, waiting.Progress.WaitingFor.Since));
        Assert.Equal(0, waiting.Retries);
        Assert.Empty(host.Failed.All);
        space = true;
        await host.JobAsync(conversion, job => job.State is JobState.Succeeded, "the job goes on by itself");
    }

    [Fact]
    public async Task WaitingForSpace_WhereNobodyWaits_FailsAtOnce()
    {
        transport.Settings["Ferry:Jobs:WaitForOutside"] = "false";
        var full = new Failure { Code = "STORE_FULL", Message = "The store is full.", Remedy = "Make room.", Retryable = true };
        await using var host = await TestHost.StartAsync(transport, new Script { Run = (_, _) => throw new JobFailedException(full) { WaitReason = "space" } });
        await host.SubmitAsync(conversion);

        var failed = await host.JobAsync(conversion, job => job.State is JobState.Failed, "the job has failed");

        Assert.Equal((1, 0), (failed.Epoch, failed.Retries));
    }

    [Fact]
    public async Task FinalFailure_IsToldOnce()
    {
        await using var host = await TestHost.StartAsync(transport, new Script { Run = (_, _) => throw new JobFailedException(Failure(retryable: false)) });

        await host.SubmitAsync(conversion);

        var failed = await host.Failed.FirstAsync(failed => failed.ConversionId == conversion);
        Assert.Equal(("SOURCE_AWAY", TestHost.Step, 1, 1L), (failed.Message.Failure.Code, failed.Message.Step, failed.Message.Attempt, failed.Message.Epoch));
        var job = await host.JobAsync(conversion, job => job.State is JobState.Failed && !job.HasPending, "the job has failed");
        Assert.Equal(1, job.Epoch);
    }

    [Fact]
    public async Task UnexpectedError_IsRetried_ThenFailsWithoutItsText()
    {
        transport.Settings["Ferry:Jobs:MaxRetries"] = "2";
        await using var host = await TestHost.StartAsync(transport, new Script { Run = (_, _) => throw new InvalidOperationException("password=secret") });

        await host.SubmitAsync(conversion);

        var failed = await host.Failed.FirstAsync(failed => failed.ConversionId == conversion);
        Assert.Equal(("INTERNAL_ERROR", 3L), (failed.Message.Failure.Code, failed.Message.Epoch));
        Assert.DoesNotContain("secret", failed.Message.Failure.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Retries_StartAgain_WhenASliceIsProven()
    {
        transport.Settings["Ferry:Jobs:MaxRetries"] = "1";
        var runs = 0;
        var script = new Script
        {
            Run = async (job, _) =>
            {
                if (++runs == 5)
                {
                    return Script.Done(job);
                }

                await Work.ProveAsync(job, runs);
                throw new JobFailedException(Failure(retryable: true));
            },
        };
        await using var host = await TestHost.StartAsync(transport, script);

        await host.SubmitAsync(conversion);

        await host.JobAsync(conversion, job => job is { State: JobState.Succeeded, Epoch: 5 }, "a job that gets on is not given up");
    }

    [Fact]
    public async Task JobOnWhichWorkersDie_IsGivenUp()
    {
        transport.Settings["Ferry:Jobs:MaxCrashes"] = "3";
        transport.Settings["Ferry:Jobs:PollSeconds"] = "30";
        await using (var queue = await TestHost.StartAsync(transport, new Script { Run = Script.UntilStopped(_ => { }) }))
        {
            await queue.SubmitAsync(conversion);
            await queue.JobAsync(conversion, job => job.State is JobState.Running, "it is claimed");
        }

        transport.Settings["Ferry:Jobs:PollSeconds"] = "0.05";
        var runs = 0;
        await using var host = await TestHost.StartAsync(transport, new Script
        {
            Run = async (_, stop) =>
            {
                runs++;
                await new TaskCompletionSource().Task.WaitAsync(stop);
                return new object();
            },
        });
        for (var crash = 1; crash <= 3; crash++)
        {
            // A death, as the store sees it: the lease runs out.
            var epoch = crash + 1;
            await host.JobAsync(conversion, job => job.State is JobState.Running && job.Epoch >= epoch && runs >= crash, "it is claimed again");
            await host.JobDocuments.UpdateFirstAsync(
                Documents.DocumentQuery.Where("id", TestHost.Key(conversion).ToString()),
                Documents.DocumentUpdate.Set("claimableAt", DateTimeOffset.UnixEpoch),
                TestContext.Current.CancellationToken);
            await host.JobAsync(conversion, job => job.Epoch > epoch || job.Ended, "it is taken over");
        }

        var failed = await host.Failed.FirstAsync(failed => failed.ConversionId == conversion);
        Assert.Equal("JOB_KEEPS_CRASHING", failed.Message.Failure.Code);
        Assert.Equal(3, runs);
    }

    [Fact]
    public void Backoff_GrowsToItsLimit()
    {
        var options = new JobOptions();
        var random = new Random(1);

        Assert.All(Enumerable.Range(0, 100), _ => Assert.InRange(Backoff.Wait(options, 1, random).TotalSeconds, 0.5, 5));
        Assert.All(Enumerable.Range(0, 100), _ => Assert.InRange(Backoff.Wait(options, 3, random).TotalSeconds, 2, 20));
        Assert.All(Enumerable.Range(0, 100), _ => Assert.InRange(Backoff.Wait(options, 60, random).TotalSeconds, 60, 600));
    }

    private static Failure Failure(bool retryable) => new() { Code = "SOURCE_AWAY", Message = "The source does not answer.", Retryable = retryable };
}
