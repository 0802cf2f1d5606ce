using Ferry.Contracts;
using Ferry.Contracts.Conversions;
using Ferry.Contracts.Jobs;
using Ferry.Hosting.Outbox;
using Microsoft.Extensions.Logging;

namespace Ferry.Hosting.Jobs;

/// <summary>Writes how a run of a job ended: one atomic write, fenced by the epoch, of the state and of the event that tells of it.</summary>
internal sealed class JobSettlement(JobRun run, JobOptions options, TimeProvider time, Random random, ILogger logger)
{
    private static readonly TimeSpan StoreRetry = TimeSpan.FromMilliseconds(500);

    /// <summary>The job is done; null when the lease was lost.</summary>
    public Task<JobDocument?> SucceedAsync(object outcome) => EndAsync(JobState.Succeeded, outcome, failure: null);

    /// <summary>The job has failed: tried again later when that may help, else for good; null when the lease was lost.</summary>
    public Task<JobDocument?> FailAsync(Failure failure, IReadOnlyList<Finding> findings)
    {
        var retries = run.ProvenSlices > 0 ? 1 : run.Document.Retries + 1;
        return failure.Retryable && retries <= options.MaxRetries
            ? RetryAsync(failure, retries)
            : EndAsync(JobState.Failed, Event(failure, findings), failure);
    }

    /// <summary>The job cannot go on before something outside changes: it is tried again after a while, and that counts as no failure; null when the lease was lost.</summary>
    public Task<JobDocument?> WaitAsync(string reason, Failure failure)
    {
        var wait = options.WaitRetry;
        var since = run.Document.Progress?.WaitingFor is { } before && before.Reason == reason ? before.Since : (DateTimeOffset?)null;
        return WriteAsync((job, now) =>
        {
            Rest(job, now + wait);
            job.Failure = failure;
            job.Progress = Progress() with
            {
                WaitingFor = job.State is not JobState.Queued ? null : new WaitingFor
                {
                    Reason = reason,
                    Detail = $"{failure.Message} {failure.Remedy}".TrimEnd(),
                    Since = since ?? now,
                    Until = now + wait,
                },
            };
        });
    }

    /// <summary>The handler was stopped: the job becomes what is desired now; null when the lease was lost.</summary>
    public Task<JobDocument?> StopAsync() => WriteAsync((job, now) => Rest(job, now));

    /// <summary>The handler waits for something: nothing failed and nothing is counted; null when the lease was lost.</summary>
    public Task<JobDocument?> DeferAsync(JobDeferredException deferred) => WriteAsync((job, now) =>
    {
        var woken = job.Wakes != run.Document.Wakes;
        Rest(job, woken ? now : deferred.Wait is { } wait ? now + wait : DateTimeOffset.MaxValue);
        if (deferred.WaitingFor is { } waitingFor)
        {
            job.Progress = Progress() with { WaitingFor = waitingFor };
        }
    });

    private Task<JobDocument?> RetryAsync(Failure failure, int retries)
    {
        var wait = Backoff.Wait(options, retries, random);
        return WriteAsync((job, now) =>
        {
            Rest(job, now + wait);
            job.Retries = retries;
            job.Failure = failure;
            job.Progress = Progress() with
            {
                WaitingFor = job.State is not JobState.Queued ? null : new WaitingFor
                {
                    Reason = "retry",
                    Detail = $"{failure.Message} It is tried again by itself (retry {retries} of {options.MaxRetries}).",
                    Since = now,
                    Until = now + wait,
                },
            };
        });
    }

    private Task<JobDocument?> EndAsync(JobState state, object outcome, Failure? failure)
    {
        var message = PendingMessage.Event(outcome, time.GetUtcNow());
        message = message with { TraceParent = message.TraceParent ?? run.Document.TraceParent };
        return WriteAsync((job, _) =>
        {
            job.Failure = failure;
            job.ClaimableAt = DateTimeOffset.MaxValue;
            if (state is JobState.Failed && job.Desired is DesiredState.Cancel)
            {
                // Whoever cancelled it does not want to hear why it did not work.
                job.State = JobState.Cancelled;
                return;
            }

            job.State = state;
            job.Outcome = message;
            job.Pending.Add(message);
        });
    }

    // What a job that does not run becomes, by what it is meant to do.
    private static void Rest(JobDocument job, DateTimeOffset claimableAt)
    {
        (job.State, job.ClaimableAt) = job.Desired switch
        {
            DesiredState.Cancel => (JobState.Cancelled, DateTimeOffset.MaxValue),
            DesiredState.Suspend => (JobState.Suspended, DateTimeOffset.MaxValue),
            _ => (JobState.Queued, claimableAt),
        };
    }

    private async Task<JobDocument?> WriteAsync(Action<JobDocument, DateTimeOffset> change)
    {
        while (!run.Lost.IsCancellationRequested)
        {
            try
            {
                var job = await run.Documents.Jobs.GetAsync(run.Document.Id, run.Lost).ConfigureAwait(false);
                if (job is null || job.Epoch != run.Document.Epoch || job.State is not JobState.Running)
                {
                    return null;
                }

                job.Progress = run.Progress;
                job.SettledEpoch = job.Epoch;
                job.ReleasedEpoch = job.Epoch;
                change(job, await run.Documents.NowAsync(run.Lost).ConfigureAwait(false));
                if (await run.Documents.Jobs.TryReplaceAsync(job, run.Lost).ConfigureAwait(false))
                {
                    return job;
                }
            }
            catch (OperationCanceledException) when (run.Lost.IsCancellationRequested)
            {
                return null;
            }
#pragma warning disable CA1031 // The work is done: only its lost lease ends the attempts to write that down.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                Log.SettlementFailed(logger, exception, run.Document.Id);
                await Task.Delay(StoreRetry, time, run.Lost).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }

        return null;
    }

    private DiskProgress Progress() => run.Progress ?? new DiskProgress { Step = run.Document.Step, Disk = run.Document.Disk, BytesDone = 0, BytesTotal = 0 };

    private StepFailed Event(Failure failure, IReadOnlyList<Finding> findings) => new()
    {
        ConversionId = run.Document.ConversionId,
        Step = run.Document.Step,
        Attempt = run.Document.Attempt,
        Disk = run.Document.Disk,
        Epoch = run.Document.Epoch,
        Failure = failure,
        Findings = findings,
    };
}
