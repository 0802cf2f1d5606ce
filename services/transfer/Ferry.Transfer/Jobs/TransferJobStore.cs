using Ferry.Contracts;
using Ferry.Contracts.Transfer;
using Ferry.Hosting.Documents;
using Ferry.Hosting.Jobs;
using Ferry.Hosting.Outbox;

namespace Ferry.Transfer.Jobs;

/// <summary>The documents of the transfer jobs; state and event are one write. Safe for concurrent use.</summary>
public sealed class TransferJobStore(IOutbox<TransferJobDocument> outbox, IDocumentStore store, TimeProvider time)
{
    /// <summary>The documents.</summary>
    public IDocumentCollection<TransferJobDocument> Documents => outbox.Documents;

    /// <summary>The store's clock: the only one for times that several replicas compare.</summary>
    public ValueTask<DateTimeOffset> NowAsync(CancellationToken cancellationToken) => store.GetTimeAsync(cancellationToken);

    /// <summary>Inserts a new job; false when the id is taken.</summary>
    public async Task<bool> TryAddAsync(TransferJobDocument job, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(job);
        job.Announce(time.GetUtcNow());
        if (!await Documents.TryInsertAsync(job, cancellationToken))
        {
            return false;
        }

        TransferTelemetry.CountChange(job);
        await outbox.DispatchAsync(job, cancellationToken);
        return true;
    }

    /// <summary>Changes a job; the change is made again on what somebody else has written meanwhile.</summary>
    /// <param name="id">Document id.</param>
    /// <param name="change">Makes the change; false: there is nothing to write.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>The job as it is then, or null when there is none.</returns>
    public async Task<TransferJobDocument?> ChangeAsync(string id, Func<TransferJobDocument, bool> change, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(change);
        while (await Documents.GetAsync(id, cancellationToken) is { } job)
        {
            var before = job.State;
            if (!change(job))
            {
                return job;
            }

            if (await Documents.TryReplaceAsync(job, cancellationToken))
            {
                if (job.State != before)
                {
                    TransferTelemetry.CountChange(job);
                }

                if (job.HasPending)
                {
                    await outbox.DispatchAsync(job, cancellationToken);
                }

                return job;
            }
        }

        return null;
    }

    /// <summary>Lets a job go through a transition.</summary>
    /// <param name="id">Document id.</param>
    /// <param name="trigger">What happened.</param>
    /// <param name="also">What else changes with it; called only when the state changes.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="TransferTransitionException">It must not happen in the job's state.</exception>
    public Task<TransferJobDocument?> MoveAsync(string id, TransferTrigger trigger, Action<TransferJobDocument>? also, CancellationToken cancellationToken) => ChangeAsync(
        id,
        job =>
        {
            var changed = job.Move(trigger, time.GetUtcNow());
            if (changed && also is not null)
            {
                also(job);

                // What else changed belongs into the event.
                job.Pending[^1] = PendingMessage.Event(job.Event(), time.GetUtcNow()) with { MessageId = job.Pending[^1].MessageId };
            }

            return changed;
        },
        cancellationToken);

    /// <summary>As <see cref="ChangeAsync"/>, by the worker with the lease's epoch.</summary>
    /// <exception cref="LeaseLostException">A later worker has written here.</exception>
    public async Task<TransferJobDocument> ChangeByWorkerAsync(string id, long epoch, Func<TransferJobDocument, bool> change, CancellationToken cancellationToken) =>
        await ChangeAsync(id, job => job.RunEpoch == epoch ? change(job) : throw new LeaseLostException(id, epoch), cancellationToken)
        ?? throw new LeaseLostException(id, epoch);

    /// <summary>A wait with its reason, since now.</summary>
    public static WaitingFor Wait(string reason, string detail, DateTimeOffset since, DateTimeOffset? until = null) =>
        new() { Reason = reason, Detail = detail, Since = since, Until = until };
}
