using Ferry.Chunks.Store;
using Ferry.Contracts;
using Ferry.Contracts.Transfer;
using Ferry.Transfer.Bandwidth;
using Ferry.Transfer.Jobs;
using Microsoft.Extensions.Options;

namespace Ferry.Transfer.Uploads;

/// <summary>What the requests of an upload's client make of its job: whether it may go on, what it waits for, and when it goes on. Safe for concurrent use.</summary>
public sealed class UploadJobs(TransferJobStore store, LimitsKeeper limits, UploadPages pages, IOptions<TransferOptions> options, TimeProvider time, ILogger<UploadJobs> logger)
{
    private static readonly TimeSpan AskAgain = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan MostParked = TimeSpan.FromMinutes(1);

    /// <summary>The wait for a client.</summary>
    public static WaitingFor Client(DateTimeOffset now) => TransferJobStore.Wait("client", "It waits for its client to send; nothing is to be done here.", now);

    /// <summary>A file of an upload.</summary>
    /// <exception cref="UploadRefusedException">There is none.</exception>
    internal async Task<UploadFile> FindAsync(Guid id, int file, CancellationToken cancellationToken)
    {
        var job = await store.Documents.GetAsync(TransferJobDocument.IdOf(id), cancellationToken);
        if (job is not { Type: TransferJobType.Upload })
        {
            throw new UploadRefusedException(StatusCodes.Status404NotFound, TransferErrors.Unknown, "There is no upload with that id.");
        }

        return file >= 0 && file < job.Files.Count
            ? new UploadFile(job, file)
            : throw new UploadRefusedException(StatusCodes.Status404NotFound, TransferErrors.UploadFileUnknown, $"The upload has {job.Files.Count} files, from 0; there is no file {file}.");
    }

    /// <summary>A file that may be sent now.</summary>
    /// <exception cref="UploadRefusedException">There is none, or it may not.</exception>
    internal async Task<UploadFile> OpenAsync(Guid id, int file, CancellationToken cancellationToken)
    {
        var found = await FindAsync(id, file, cancellationToken);
        switch (found.Job.State)
        {
            case TransferJobState.Suspended:
                throw new UploadRefusedException(
                    StatusCodes.Status409Conflict, TransferErrors.WrongState, "The upload is suspended; it goes on when it is resumed.", AskAgain);
            case TransferJobState.Error:
                throw new UploadRefusedException(
                    StatusCodes.Status409Conflict, TransferErrors.WrongState, $"The upload is in Error ({found.Job.Failure?.Code}); resume it, then it takes chunks again.");
            case TransferJobState.Transferred or TransferJobState.Acknowledged or TransferJobState.Cancelled:
                throw new UploadRefusedException(StatusCodes.Status409Conflict, TransferErrors.WrongState, $"The upload takes nothing any more: it is {found.Job.State}.");
        }

        if (found.Done)
        {
            throw new UploadRefusedException(StatusCodes.Status409Conflict, TransferErrors.WrongState, "The file is complete and takes nothing any more.");
        }

        try
        {
            ThrowIfParked(found.Job);
        }
        catch (UploadRefusedException)
        {
            await ParkAsync(found.Job, cancellationToken);
            throw;
        }

        return found;
    }

    /// <summary>Refuses while a window lets nothing through.</summary>
    /// <exception cref="UploadRefusedException">It does.</exception>
    internal void ThrowIfParked(TransferJobDocument job)
    {
        var now = time.GetUtcNow();
        if (limits.Book.ParkedBy(limits.Book.NamesForUpload(job.Link), now) is { } parked)
        {
            var wait = parked.Until - now is { } left && left < MostParked ? left : MostParked;
            throw new UploadRefusedException(
                StatusCodes.Status503ServiceUnavailable, TransferErrors.WindowClosed, $"The limit '{parked.Name}' lets nothing through now.", wait > AskAgain ? wait : AskAgain);
        }
    }

    /// <summary>A window lets nothing through: the job waits for it, without having failed.</summary>
    internal async Task<bool> ParkAsync(TransferJobDocument job, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        if (limits.Book.ParkedBy(limits.Book.NamesForUpload(job.Link), now) is not { } parked)
        {
            return false;
        }

        await WaitAsync(job.Id, TransferRun.Parked(parked.Name, parked.Until, now).WaitingFor, cancellationToken);
        return true;
    }

    /// <summary>The chunk store is full: the job waits for space.</summary>
    internal async Task<UploadRefusedException> FullAsync(TransferJobDocument job, ChunkStoreException full, CancellationToken cancellationToken)
    {
        var failure = TransferFailures.From(full, "").Failure;
        await WaitAsync(job.Id, TransferJobStore.Wait("space", $"{failure.Message} {failure.Remedy}", await store.NowAsync(cancellationToken)), cancellationToken);
        return new UploadRefusedException(StatusCodes.Status507InsufficientStorage, full.Code, $"{failure.Message} {failure.Remedy}", options.Value.MinimumRetry, full);
    }

    /// <summary>Something was proven: the job transfers, whatever it waited for.</summary>
    internal async Task GoOnAsync(TransferJobDocument job, CancellationToken cancellationToken)
    {
        if (job is { State: TransferJobState.Transferring, WaitingFor: null })
        {
            return;
        }

        var now = await store.NowAsync(cancellationToken);
        await store.ChangeAsync(
            job.Id,
            current =>
            {
                if (current.State is TransferJobState.TransientError)
                {
                    current.Move(TransferTrigger.Requeue, time.GetUtcNow());
                }

                if (current.State is not (TransferJobState.Queued or TransferJobState.Connecting or TransferJobState.Transferring)
                    || current is { State: TransferJobState.Transferring, WaitingFor: null })
                {
                    return false; // Its owner, or another request, was faster.
                }

                if (current.State is TransferJobState.Queued)
                {
                    current.Move(TransferTrigger.Connect, time.GetUtcNow());
                }

                current.Move(TransferTrigger.Open, time.GetUtcNow());
                (current.WaitingFor, current.Failure) = (null, null);
                UploadCounting.Progress(current, now);
                return true;
            },
            cancellationToken);
    }

    /// <summary>The client sent other bytes than a chunk's id stands for. A client that keeps doing that needs an operator.</summary>
    internal async Task WrongChunkAsync(UploadFile file, long chunk, CancellationToken cancellationToken)
    {
        var offset = chunk * file.ChunkSize;
        Log.WrongChunk(logger, file.Job.Id, file.Index, chunk, offset);
        var now = await store.NowAsync(cancellationToken);
        await store.ChangeAsync(
            file.Job.Id,
            current =>
            {
                current.SeenAt = now;
                current.BadAnswers++;
                if (current.BadAnswers >= options.Value.MaxBadAnswers && TransferTransitions.Next(current.State, TransferTrigger.Fault) is not null)
                {
                    Fault(current, TransferFailures.BadData(current.Files[file.Index].Shown, offset, $"bytes that are not those of their chunk, {current.BadAnswers} times").Failure, now);
                }

                return true;
            },
            cancellationToken);
    }

    /// <summary>Puts a job in Error.</summary>
    internal void Fault(TransferJobDocument job, Failure failure, DateTimeOffset now) => Fail(job, TransferTrigger.Fault, failure, TransferJobStore.Wait("operator", failure.Remedy, now));

    /// <summary>Puts a job in Error or TransientError.</summary>
    internal void Fail(TransferJobDocument job, TransferTrigger trigger, Failure failure, WaitingFor waits)
    {
        job.Move(trigger, time.GetUtcNow());
        (job.Failure, job.WaitingFor) = (failure, waits);
        job.Announce(time.GetUtcNow());
    }

    /// <summary>Does the second half of what an upload's owner asked.</summary>
    public async Task FinishAsync(TransferJobDocument job, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(job);
        if (TransferTransitions.IsFinal(job.State))
        {
            await pages.ForgetAsync(job.Id, cancellationToken);
        }
    }

    private Task<TransferJobDocument?> WaitAsync(string id, WaitingFor waits, CancellationToken cancellationToken) => store.ChangeAsync(
        id,
        current =>
        {
            if (TransferTransitions.Next(current.State, TransferTrigger.Requeue) is null || current.WaitingFor?.Reason == waits.Reason)
            {
                return false;
            }

            current.Move(TransferTrigger.Requeue, time.GetUtcNow());
            current.WaitingFor = waits;
            current.Announce(time.GetUtcNow());
            return true;
        },
        cancellationToken);
}
