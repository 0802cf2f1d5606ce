using System.Diagnostics;
using Ferry.Contracts;
using Ferry.Hosting.Ledger;
using Ferry.Hosting.Outbox;
using Ferry.Hosting.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Ferry.Hosting.Jobs;

/// <summary>Runs one claimed job from the claim to the written end: lease, handler, span, result.</summary>
internal sealed class JobRunner(
    ServiceDocuments documents,
    ServiceJobs kinds,
    ResourceLedger ledger,
    JobSignals signals,
    OutboxDispatcher dispatcher,
    IMessageSender sender,
    IFaultPoints faults,
    IServiceScopeFactory scopes,
    IOptions<JobOptions> options,
    TimeProvider time,
    ILogger<JobRunner> logger)
{
    /// <summary>Runs it. Throws nothing but what is a defect of this class.</summary>
    /// <param name="job">The job as it was claimed.</param>
    /// <param name="claimedAt">Timestamp of the monotonic clock before the claim: the lease cannot be older.</param>
    /// <param name="shutdown">The process stops.</param>
    public async Task RunAsync(JobDocument job, long claimedAt, CancellationToken shutdown)
    {
        using var run = new JobRun(job, documents, ledger, options.Value, time, faults, kinds.Get(job.Kind).FinishesFirst, claimedAt);
        faults.Hit(FaultPointNames.Claimed);
        using var activity = StartActivity(job);
        var started = time.GetTimestamp();
        HostingTelemetry.ActiveJobs.Add(1, new KeyValuePair<string, object?>("ferry.step", job.Kind));
        Log.JobClaimed(logger, job.Id, job.Epoch);

        var nudged = signals.ForLease(job.ConversionId);
        using var ended = new CancellationTokenSource();
        var background = Task.WhenAll(
            new LeaseKeeper(run, nudged, options.Value, time, logger).RunAsync(ended.Token),
            new ProgressPublisher(run, sender, time).RunAsync(ended.Token));
        JobDocument? settled;
        try
        {
            using var stopping = shutdown.UnsafeRegister(_ => run.Stop(StopReason.Shutdown), null);
            settled = await WorkAsync(run, activity).ConfigureAwait(false);
        }
        finally
        {
            await ended.CancelAsync().ConfigureAwait(false);
            await background.ConfigureAwait(false);
            signals.Remove(nudged);
            HostingTelemetry.ActiveJobs.Add(-1, new KeyValuePair<string, object?>("ferry.step", job.Kind));
        }

        var outcome = settled?.State.ToString() ?? "LeaseLost";
        activity?.SetTag("ferry.job.outcome", outcome);
        HostingTelemetry.RecordJob(job.Kind, outcome, time.GetElapsedTime(started));
        Log.JobSettled(logger, job.Id, job.Epoch, outcome);
        if (settled is not null)
        {
            await TellAsync(run, settled).ConfigureAwait(false);
        }
    }

    private async Task<JobDocument?> WorkAsync(JobRun run, Activity? activity)
    {
        var settlement = new JobSettlement(run, options.Value, time, Random.Shared, logger);
        if (run.Document.Desired is not DesiredState.Run)
        {
            return await settlement.StopAsync().ConfigureAwait(false);
        }

        var crashes = run.Document.Epoch - run.Document.SettledEpoch - 1;
        if (crashes >= options.Value.MaxCrashes)
        {
            var failure = JobFailures.KeepsCrashing(crashes);
            HostingTelemetry.CountFailure(run.Document.Kind, failure.Code);
            activity?.SetStatus(ActivityStatusCode.Error, failure.Code);
            return await settlement.FailAsync(failure, []).ConfigureAwait(false);
        }

        try
        {
            await FormerWorkers.NoteAsync(run).ConfigureAwait(false);
            var scope = scopes.CreateAsyncScope();
            await using (scope.ConfigureAwait(false))
            {
                var outcome = await kinds.Get(run.Document.Kind).RunAsync(scope.ServiceProvider, run, run.Stopping).ConfigureAwait(false);
                return await settlement.SucceedAsync(outcome).ConfigureAwait(false);
            }
        }
        catch (LeaseLostException exception)
        {
            activity?.SetStatus(ActivityStatusCode.Error, exception.Message);
            return null;
        }
        catch (Exception) when (run.Reason is StopReason.LeaseLost)
        {
            activity?.SetStatus(ActivityStatusCode.Error, "The lease was lost.");
            return null;
        }
        catch (JobDeferredException deferred)
        {
            Log.JobDeferred(logger, run.Document.Id, deferred.Message);
            return await settlement.DeferAsync(deferred).ConfigureAwait(false);
        }
        catch (Exception exception) when (run.Reason is not StopReason.None && exception is not JobFailedException)
        {
            Log.JobStopped(logger, exception, run.Document.Id, run.Reason.ToString());
            return await settlement.StopAsync().ConfigureAwait(false);
        }
        catch (JobFailedException exception) when (exception.WaitReason is { } reason && options.Value.WaitForOutside)
        {
            Log.JobWaits(logger, exception, run.Document.Id, exception.Failure.Code);
            return await settlement.WaitAsync(reason, exception.Failure).ConfigureAwait(false);
        }
        catch (JobFailedException exception)
        {
            Log.JobFailed(logger, exception, run.Document.Id, exception.Failure.Code);
            HostingTelemetry.CountFailure(run.Document.Kind, exception.Failure.Code);
            activity?.SetStatus(ActivityStatusCode.Error, exception.Failure.Code);
            activity?.AddException(exception);
            var failure = exception.WaitReason is null ? exception.Failure : exception.Failure with { Retryable = false };
            return await settlement.FailAsync(failure, exception.Findings).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // A defect in a handler fails its job, not the worker.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            var failure = JobFailures.Internal(exception, run.Document, activity);
            Log.JobFailed(logger, exception, run.Document.Id, failure.Code);
            HostingTelemetry.CountFailure(run.Document.Kind, failure.Code);
            activity?.SetStatus(ActivityStatusCode.Error, failure.Code);
            activity?.AddException(exception);
            return await settlement.FailAsync(failure, []).ConfigureAwait(false);
        }
    }

    private async Task TellAsync(JobRun run, JobDocument settled)
    {
        if (settled.HasPending)
        {
            faults.Hit(FaultPointNames.EndedBeforeSend);
            await dispatcher.DispatchAsync(documents.Jobs, settled, CancellationToken.None).ConfigureAwait(false);
        }
        else if (settled.Progress is { WaitingFor: not null } progress)
        {
            await new ProgressPublisher(run, sender, time).PublishAsync(progress, CancellationToken.None).ConfigureAwait(false);
        }
    }

    private static Activity? StartActivity(JobDocument job)
    {
        var activity = HostingTelemetry.Source.StartActivity($"{job.Kind} run", ActivityKind.Internal, job.TraceParent);
        activity?.SetTag("ferry.conversion.id", job.ConversionId.ToString("N"));
        activity?.SetTag("ferry.step", job.Step);
        activity?.SetTag("ferry.attempt", job.Attempt);
        activity?.SetTag("ferry.epoch", job.Epoch);
        if (job.Disk is { } disk)
        {
            activity?.SetTag("ferry.disk", disk);
        }

        return activity;
    }
}
