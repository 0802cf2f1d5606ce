using System.Security.Cryptography;
using System.Text;
using Ferry.Contracts.Transfer;
using Ferry.Hosting.Documents;
using Ferry.Hosting.Jobs;
using Ferry.Transfer.Sources;
using Ferry.Transfer.Uploads;

namespace Ferry.Transfer.Jobs;

/// <summary>
/// What owners do with transfer jobs. Each call is one atomic write of the job's document and a second half (make or wake the leased job, remove what is left), which the sweeper
/// finishes when a crash came in between. Safe for concurrent use.
/// </summary>
public sealed class TransferJobs(
    TransferJobStore store, RunParts parts, UploadJobs uploads, TransferSignals signals, TransferHints hints, [FromKeyedServices("transfer")] IJobQueue queue, TimeProvider time)
{
    /// <summary>Makes a job, or finds the one that the same request made before; null when the id belongs to another.</summary>
    public async Task<(TransferJobDocument? Job, bool Created)> CreateAsync(TransferJobRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var job = RequestedJob.Of(request, time.GetUtcNow());
        if (await store.TryAddAsync(job, cancellationToken))
        {
            return (await FinishAsync(job, cancellationToken), true);
        }

        var there = await store.Documents.GetAsync(job.Id, cancellationToken);
        return there is not null && RequestedJob.IsSame(there, job) ? (await FinishAsync(there, cancellationToken), false) : (null, false);
    }

    /// <summary>Makes the job of a conversion's disk; the same command again repeats its result.</summary>
    public async Task ExecuteAsync(TransferDisk command, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(command);
        var key = new JobKey(command.ConversionId, "transfer", command.Attempt, command.Disk);
        var job = new TransferJobDocument
        {
            Id = TransferJobDocument.IdOf(IdOf(key)),
            Name = $"disk {command.Disk} of conversion {command.ConversionId}",
            Owner = "conversion",
            ConversionId = command.ConversionId,
            Attempt = command.Attempt,
            Disk = command.Disk,
            State = TransferJobState.Queued,
            Files = [new TransferFile { Manifest = command.Manifest, KnownManifest = command.KnownManifest }],
            Counters = new TransferCounters { FilesTotal = 1 },
            CreatedAt = time.GetUtcNow(),
        };
        await store.TryAddAsync(job, cancellationToken);
        await queue.SubmitAsync(key, new RunTransfer { Id = job.Id }, cancellationToken);
    }

    /// <summary>Makes the job that brings a machine into the library, or finds it; false when its id belongs to another job.</summary>
    public async Task<bool> AddMachineAsync(TransferJobDocument job, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(job);
        var there = await store.TryAddAsync(job, cancellationToken) ? job : await store.Documents.GetAsync(job.Id, cancellationToken);
        if (there?.Machine is null)
        {
            return false;
        }

        await FinishAsync(there, cancellationToken);
        return true;
    }

    /// <summary>Cancels a job; false when there is none, or that is not possible any more.</summary>
    public async Task<bool> TryCancelAsync(Guid id, CancellationToken cancellationToken)
    {
        try
        {
            return await ActAsync(id, TransferTrigger.Cancel, cancellationToken) is not null;
        }
        catch (TransferTransitionException)
        {
            return false;
        }
    }

    /// <summary>One job, or null.</summary>
    public async Task<TransferJobDocument?> GetAsync(Guid id, CancellationToken cancellationToken) =>
        await store.Documents.GetAsync(TransferJobDocument.IdOf(id), cancellationToken);

    /// <summary>Jobs, the newest first.</summary>
    public async Task<(long Total, IReadOnlyList<TransferJobDocument> Jobs)> ListAsync(
        Guid? conversionId, TransferJobState? state, int skip, int limit, CancellationToken cancellationToken)
    {
        var query = conversionId is { } conversion ? DocumentQuery.Where("conversionId", conversion) : DocumentQuery.All;
        query = state is { } wanted ? query.And("state", wanted) : query;
        var total = await store.Documents.CountAsync(query, cancellationToken);
        return (total, await store.Documents.QueryAsync(query.OrderByDescending("createdAt").Skip(skip).Limit(limit), cancellationToken));
    }

    /// <summary>Resumes, suspends, cancels or acknowledges a job; null when there is none.</summary>
    /// <exception cref="TransferTransitionException">That is not possible in its state.</exception>
    public async Task<TransferJobDocument?> ActAsync(Guid id, TransferTrigger trigger, CancellationToken cancellationToken)
    {
        var job = await store.ChangeAsync(
            TransferJobDocument.IdOf(id),
            current =>
            {
                // The saga has the say over a step that failed: it is the conversion that is retried.
                if (current is { ConversionId: not null, State: TransferJobState.Error })
                {
                    throw new TransferTransitionException(current.State, trigger);
                }

                if (!current.Move(trigger, time.GetUtcNow()))
                {
                    return false;
                }

                current.UnfinishedCall = true;
                if (trigger is TransferTrigger.Resume)
                {
                    (current.Retries, current.NoProgressSince, current.BadAnswers) = (0, null, 0);
                    (current.SeenAt, current.ProgressAt) = (null, null);
                }

                if (trigger is TransferTrigger.Suspend)
                {
                    current.WaitingFor = TransferJobStore.Wait("operator", "It is suspended; it goes on when it is resumed.", time.GetUtcNow());
                }

                return true;
            },
            cancellationToken);
        return job is null ? null : await FinishAsync(job, cancellationToken);
    }

    /// <summary>Sets a job's priority, also while it runs; null when there is no such job.</summary>
    public async Task<TransferJobDocument?> SetPriorityAsync(Guid id, TransferPriority priority, CancellationToken cancellationToken)
    {
        var job = await store.ChangeAsync(
            TransferJobDocument.IdOf(id),
            current =>
            {
                if (current.Priority == priority)
                {
                    return false;
                }

                current.Priority = priority;
                current.Announce(time.GetUtcNow());
                return true;
            },
            cancellationToken);
        if (job is not null)
        {
            await NudgeAsync(job, cancellationToken);
        }

        return job;
    }

    /// <summary>Wakes what a closed window parked, after the limits have changed.</summary>
    public async Task WakeParkedAsync(CancellationToken cancellationToken)
    {
        foreach (var job in await store.Documents.QueryAsync(DocumentQuery.Where("state", TransferJobState.Queued), cancellationToken))
        {
            if (job.WaitingFor is { Reason: "bandwidth-window" or "slot" })
            {
                await queue.WakeAsync(job.Key(), cancellationToken);
            }
        }
    }

    /// <summary>Does the second half of what was asked of a job. May be repeated.</summary>
    public async Task<TransferJobDocument> FinishAsync(TransferJobDocument job, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(job);
        if (!job.UnfinishedCall)
        {
            return job;
        }

        if (job.Type is TransferJobType.Upload)
        {
            await uploads.FinishAsync(job, cancellationToken);
            return await FinishedAsync(job, cancellationToken);
        }

        var leased = (await queue.GetJobsAsync(job.Key().ConversionId, cancellationToken)).FirstOrDefault(candidate => candidate.Id == job.Key().ToString());
        if (leased is { Ended: true } && job is { State: TransferJobState.Queued, ConversionId: null })
        {
            // What did the work is at its end, and the job is not: another takes its place.
            job = await store.ChangeAsync(job.Id, current => Renew(current, job.Attempt), cancellationToken) ?? job;
            leased = null;
        }

        if (leased is null && job is { State: TransferJobState.Queued, ConversionId: null })
        {
            await queue.SubmitAsync(job.Key(), new RunTransfer { Id = job.Id }, job.Rank, cancellationToken);
        }

        await NudgeAsync(job, cancellationToken);
        var over = TransferTransitions.IsFinal(job.State);
        if (over && leased is { Ended: false })
        {
            return job; // Its worker still has it: the sweeper comes again.
        }

        if (over)
        {
            if (job.State is TransferJobState.Cancelled)
            {
                RunEnding.RemoveFiles(parts, job);
            }

            if (job.ConversionId is null)
            {
                await queue.ForgetSlicesAsync(job.Key(), cancellationToken);
            }
        }

        return await FinishedAsync(job, cancellationToken);
    }

    private async Task<TransferJobDocument> FinishedAsync(TransferJobDocument job, CancellationToken cancellationToken)
    {
        var state = job.State;
        return await store.ChangeAsync(
            job.Id,
            current =>
            {
                if (current.State != state || !current.UnfinishedCall)
                {
                    return false;
                }

                current.UnfinishedCall = false;
                return true;
            },
            cancellationToken) ?? job;
    }

    private async Task NudgeAsync(TransferJobDocument job, CancellationToken cancellationToken)
    {
        await queue.WakeAsync(job.Key(), cancellationToken);
        signals.Set(job.Id);
        await hints.PublishAsync(new TransferJobNudged { Id = Guid.ParseExact(job.Id, "N") }, cancellationToken);
    }

    private static bool Renew(TransferJobDocument job, int attempt)
    {
        if (job.Attempt != attempt)
        {
            return false;
        }

        job.Attempt++;
        job.RunEpoch = 0;
        return true;
    }

    // A conversion's job has an id that follows from the command, so that the same command is the same job.
    private static Guid IdOf(JobKey key)
    {
        var bytes = SHA256.HashData(Encoding.UTF8.GetBytes(key.ToString()))[..16];
        bytes[6] = (byte)((bytes[6] & 0x0f) | 0x80);
        bytes[8] = (byte)((bytes[8] & 0x3f) | 0x80);
        return new Guid(bytes, bigEndian: true);
    }
}
