using Ferry.Hosting.Documents;

namespace Ferry.Cleanup.Store;

/// <summary>The lease on a run: every write of the replica that does it goes through here and carries the epoch.</summary>
public sealed class StoreTaskLease(IDocumentStore store, IDocumentCollection<StoreTask> documents, StoreTask task, TimeSpan length)
{
    private readonly DocumentQuery fence = DocumentQuery.Where("id", task.Id).And("epoch", task.Epoch).And("state", StoreTaskState.Running);

    /// <summary>The run as it was claimed.</summary>
    public StoreTask Task { get; } = task;

    /// <summary>Claims a run that waits, or whose replica died; null when there is none.</summary>
    public static async Task<StoreTaskLease?> ClaimAsync(
        IDocumentStore store, IDocumentCollection<StoreTask> documents, string kind, TimeSpan length, CancellationToken cancellationToken)
    {
        var now = await store.GetTimeAsync(cancellationToken);
        var free = DocumentQuery.Where("id", kind).And("claimableAt", Comparison.LessOrEqual, now);
        var claim = DocumentUpdate.Set("state", StoreTaskState.Running).AndSet("claimableAt", now + length).AndIncrement("epoch", 1);
        return await documents.UpdateFirstAsync(free, claim, cancellationToken) is { } claimed ? new StoreTaskLease(store, documents, claimed, length) : null;
    }

    /// <summary>Renews the lease and writes fields with it.</summary>
    /// <returns>The run as it is now; null when another replica has it.</returns>
    public async Task<StoreTask?> WriteAsync(Func<DocumentUpdate, DocumentUpdate> change, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(change);
        var now = await store.GetTimeAsync(cancellationToken);
        return await documents.UpdateFirstAsync(fence, change(DocumentUpdate.Set("claimableAt", now + length)), cancellationToken);
    }

    /// <summary>Writes the end and gives the lease back.</summary>
    /// <returns>False when another replica has the run.</returns>
    public async Task<bool> EndAsync(DocumentUpdate end, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(end);
        return await documents.UpdateFirstAsync(fence, end.AndSet("claimableAt", DateTimeOffset.MaxValue), cancellationToken) is not null;
    }

    /// <summary>Says what is done now.</summary>
    /// <exception cref="OperationCanceledException">Another replica has the run.</exception>
    public async Task<StoreTask> ReportAsync(string phase, long processed, CancellationToken cancellationToken) =>
        await WriteAsync(update => update.AndSet("phase", phase).AndSet("processed", processed), cancellationToken)
            ?? throw new OperationCanceledException($"The lease of {Task.Id} with epoch {Task.Epoch} is lost.");
}
