using Ferry.Chunks.Store;
using Ferry.Contracts;
using Ferry.Contracts.Transfer;
using Ferry.Hosting.Jobs;
using Ferry.Hosting.Library;
using Ferry.Transfer.Fetching;
using Ferry.Transfer.Library;
using Ferry.Transfer.Sources;

namespace Ferry.Transfer.Jobs;

/// <summary>Writes how a run ended, and says what the leased job does next.</summary>
internal sealed class RunEnding(RunParts parts, JobContext<RunTransfer> job, RunControl control, RunProgress progress)
{
    private static readonly TimeSpan MostRetryAfter = TimeSpan.FromHours(1);
    private static readonly TimeSpan SlotWait = TimeSpan.FromSeconds(15);

    /// <summary>The place of a file in the library share; of a machine's file in the folder in which that grows.</summary>
    public static LibraryFile Place(RunParts parts, TransferJobDocument document, int file)
    {
        var destination = document.Files[file].Destination!;
        if (parts.Library.Folder is not { } library)
        {
            throw TransferFailures.Create(TransferErrors.Invalid, "There is no library share here.", destination, $"Set {LibraryOptions.SectionName}:{nameof(LibraryOptions.Folder)}.");
        }

        return LibraryFile.At(document.Machine is null ? library : MachinePublishing.StagingOf(parts.Library, document), destination, document.Id, file);
    }

    /// <summary>What a job that has arrived answers: the same whenever it is asked.</summary>
    public static object Outcome(TransferJobDocument document, long epoch) => document.ConversionId is not { } conversion
        ? document.Event()
        : new DiskTransferred
        {
            ConversionId = conversion,
            Attempt = document.Attempt,
            Epoch = epoch,
            Disk = document.Disk ?? 0,
            Manifest = document.Files[0].Result!,
            Digest = document.Files[0].Digest!,
            Bytes = document.Bytes,
        };

    /// <summary>A suspended job is not claimed until it is woken.</summary>
    public static JobDeferredException Suspended(TransferJobDocument document) => new(null, document.ConversionId is null ? null : TransferJobStore.Wait(
        "operator", $"Its transfer job {Guid.ParseExact(document.Id, "N")} is suspended; it goes on when that is resumed.", document.ChangedAt));

    /// <summary>A job in Error: the conversion's step fails; one without a conversion is not claimed until it is resumed.</summary>
    public static Exception Fault(TransferJobDocument document, Exception? inner) =>
        document.ConversionId is null ? new JobDeferredException(null, null, inner) : new JobFailedException(document.Failure! with { Retryable = false }, inner);

    /// <summary>A cancelled job: what it made is removed.</summary>
    public static object Cancelled(RunParts parts, TransferJobDocument document)
    {
        RemoveFiles(parts, document);
        return document.ConversionId is null
            ? document.Event()
            : throw TransferFailures.Create(TransferErrors.Cancelled, "The transfer job was cancelled.", $"disk {document.Disk}", "Retry the conversion.");
    }

    /// <summary>Removes what a cancelled job has made in the library share. Harmless when it is removed already.</summary>
    public static void RemoveFiles(RunParts parts, TransferJobDocument document)
    {
        if (document.Machine is not null)
        {
            MachinePublishing.Remove(parts.Library, document);
            return;
        }

        for (var file = 0; file < document.Files.Count; file++)
        {
            if (document.Files[file].Destination is not null && parts.Library.Folder is not null)
            {
                FileSink.Remove(Place(parts, document, file), published: document.Files[file].Done);
            }
        }
    }

    /// <summary>Everything has arrived. A conversion takes the result with the event, the library has the machine; other owners acknowledge.</summary>
    public async Task<object> CompleteAsync(CancellationToken cancellationToken)
    {
        var document = await parts.Store.ChangeByWorkerAsync(
            control.Document.Id,
            job.Epoch,
            current =>
            {
                progress.Apply(current);
                var changed = current.Move(TransferTrigger.Complete, parts.Time.GetUtcNow());
                if (changed && (current.ConversionId is not null || current.Machine is not null))
                {
                    current.Move(TransferTrigger.Acknowledge, parts.Time.GetUtcNow());
                    current.UnfinishedCall |= current.Machine is not null; // Nobody else forgets its slices.
                }

                return true;
            },
            cancellationToken);
        await parts.Receiving.ForgetAsync(job.JobId, cancellationToken);
        return Outcome(document, job.Epoch);
    }

    /// <summary>Nothing failed; it waits.</summary>
    public async Task<JobDeferredException> WaitAsync(RunWaitException wait, CancellationToken cancellationToken)
    {
        var now = await parts.Store.NowAsync(cancellationToken);
        var document = await RequeueAsync(
            current =>
            {
                if (current.WaitingFor?.Reason != wait.WaitingFor.Reason)
                {
                    current.WaitingFor = wait.WaitingFor;
                    current.Announce(parts.Time.GetUtcNow());
                }

                current.SlotWaitSince = wait.SlotScope is not null && current.WaitsForSlot == wait.SlotScope ? current.SlotWaitSince : now;
                (current.WaitsForSlot, current.SlotWaitUntil) = (wait.SlotScope, now + SlotWait);
            },
            cancellationToken);
        return new JobDeferredException(wait.Wait, document.ConversionId is null ? null : document.WaitingFor ?? wait.WaitingFor);
    }

    /// <summary>Its owner, or a window, has stopped it.</summary>
    public async Task<Exception> StoppedAsync(IReadOnlyList<string> limits, CancellationToken cancellationToken)
    {
        var now = parts.Time.GetUtcNow();
        switch (control.Stop)
        {
            case RunStop.Suspended:
                return Suspended(await ApplyAsync(cancellationToken));
            case RunStop.Parked when parts.Limits.Book.ParkedBy(limits, now) is { } parked:
                return await WaitAsync(TransferRun.Parked(parked.Name, parked.Until, now), cancellationToken);
            case RunStop.None:
                return new LeaseLostException(job.JobId, job.Epoch);
            default:
                // Cancelled, or the window is open again: the next look says.
                return new JobDeferredException(TimeSpan.Zero, null);
        }
    }

    /// <summary>The leased job itself is stopped: the process ends, the conversion is paused or cancelled, or another worker has it.</summary>
    public async Task LeaveAsync()
    {
        try
        {
            await RequeueAsync(_ => { }, CancellationToken.None);
        }
        catch (LeaseLostException)
        {
            // The other worker writes what is true.
        }
    }

    /// <summary>Something failed: tried again, or for good.</summary>
    public async Task<Exception> FailedAsync(Exception exception, SourceTraffic? traffic, string shown, CancellationToken cancellationToken)
    {
        var failed = FailureOf(exception, traffic, shown);
        if (failed.Failure.Code == ChunkStoreErrors.Full && parts.WaitForOutside)
        {
            var since = await parts.Store.NowAsync(cancellationToken);
            return await WaitAsync(new RunWaitException(TransferJobStore.Wait("space", $"{failed.Failure.Message} {failed.Failure.Remedy}", since), parts.Options.MinimumRetry), cancellationToken);
        }

        var now = await parts.Store.NowAsync(cancellationToken);
        TimeSpan? wait = null;
        var failure = failed.Failure;
        var document = await parts.Store.ChangeByWorkerAsync(
            control.Document.Id,
            job.Epoch,
            current =>
            {
                progress.Apply(current);
                failure = Judge(current, failed.Failure, traffic, shown);
                wait = failure.Retryable && failure.Code != ChunkStoreErrors.Full ? RetryIn(current, now, traffic?.RetryAfter) : null;
                if (TransferTransitions.Next(current.State, wait is null ? TransferTrigger.Fault : TransferTrigger.Fail) is null)
                {
                    return false; // Its owner was faster.
                }

                current.Move(wait is null ? TransferTrigger.Fault : TransferTrigger.Fail, parts.Time.GetUtcNow());
                current.Failure = failure;
                current.WaitingFor = wait is { } delay
                    ? TransferJobStore.Wait("retry", $"{failure.Message} It is tried again by itself (try {current.Retries}).", now, now + delay)
                    : TransferJobStore.Wait("operator", failure.Remedy, now);
                current.Pending[^1] = Hosting.Outbox.PendingMessage.Event(current.Event(), parts.Time.GetUtcNow());
                return true;
            },
            cancellationToken);
        switch (document.State)
        {
            case TransferJobState.TransientError:
                Log.TransientError(parts.Logger, exception, document.Id, failure.Code, wait!.Value.TotalSeconds);
                return new JobDeferredException(wait, document.ConversionId is null ? null : document.WaitingFor, exception);
            case TransferJobState.Error:
                Log.Faulted(parts.Logger, exception, document.Id, failure.Code);
                return Fault(document, exception);
            default:
                return new JobDeferredException(TimeSpan.Zero, null);
        }
    }

    private JobFailedException FailureOf(Exception exception, SourceTraffic? traffic, string shown)
    {
        if (traffic is { Denied: true })
        {
            return TransferFailures.Create(
                TransferErrors.Denied, "The source wants another user or password.", shown, "Set a credential for the source's host, or name one with the transfer, then resume it.");
        }

        if (traffic is { IgnoresRanges: true })
        {
            return TransferFailures.Create(
                TransferErrors.NoRanges, "The source does not answer Range requests.", shown, "Use a server that does, or download the file and use the copy.");
        }

        return exception switch
        {
            JobFailedException failed => failed,
            _ when TransferFailures.Knows(exception) => TransferFailures.From(exception, shown),
            _ => TransferFailures.Create("INTERNAL_ERROR", $"An unexpected error ({exception.GetType().Name}) stopped the transfer.", $"job {job.JobId}", "See the worker's log.", false, exception),
        };
    }

    // One wrong answer may be an accident; a source that keeps giving them needs an operator.
    private Failure Judge(TransferJobDocument document, Failure failure, SourceTraffic? traffic, string shown)
    {
        document.BadAnswers = progress.Moved ? 0 : document.BadAnswers;
        if (traffic?.WrongAnswers is not { } wrong)
        {
            return failure;
        }

        document.BadAnswers += wrong.Count;
        return document.BadAnswers < parts.Options.MaxBadAnswers
            ? failure
            : TransferFailures.BadData(shown, wrong.Offset, $"other bytes than those that were asked for, {document.BadAnswers} times").Failure;
    }

    // Full jitter above the minimum; null: there was no progress for too long.
    private TimeSpan? RetryIn(TransferJobDocument document, DateTimeOffset now, TimeSpan? retryAfter)
    {
        var least = document.MinimumRetrySeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : parts.Options.MinimumRetry;
        var patience = document.NoProgressSeconds is { } limit ? TimeSpan.FromSeconds(limit) : parts.Options.NoProgress;
        document.NoProgressSince ??= now;
        if (least > patience || now - document.NoProgressSince >= patience)
        {
            return null;
        }

        document.Retries++;
        var ceiling = Math.Min(parts.Options.MaximumRetry.TotalSeconds, least.TotalSeconds * Math.Pow(2, Math.Min(document.Retries, 30)));
        var wait = least + (TimeSpan.FromSeconds(Math.Max(0, ceiling - least.TotalSeconds)) * Random.Shared.NextDouble());
        var asked = retryAfter > MostRetryAfter ? MostRetryAfter : retryAfter ?? TimeSpan.Zero;
        return wait > asked ? wait : asked;
    }

    private Task<TransferJobDocument> ApplyAsync(CancellationToken cancellationToken) =>
        parts.Store.ChangeByWorkerAsync(control.Document.Id, job.Epoch, progress.Apply, cancellationToken);

    // Back to Queued, unless its owner has decided otherwise meanwhile.
    private Task<TransferJobDocument> RequeueAsync(Action<TransferJobDocument> also, CancellationToken cancellationToken) => parts.Store.ChangeByWorkerAsync(
        control.Document.Id,
        job.Epoch,
        current =>
        {
            var changed = progress.Apply(current);
            if (TransferTransitions.Next(current.State, TransferTrigger.Requeue) is null)
            {
                return changed;
            }

            current.Move(TransferTrigger.Requeue, parts.Time.GetUtcNow());
            also(current);
            return true;
        },
        cancellationToken);
}
