using Ferry.Hosting.Documents;
using Ferry.Hosting.Outbox;

namespace Ferry.Hosting.Sagas;

/// <summary>Reads and writes the sagas of one kind, and sends what they carry.</summary>
internal sealed class SagaStore<TSaga>(IDocumentCollection<TSaga> sagas, OutboxDispatcher dispatcher) where TSaga : class, ISagaDocument
{
    private const int HandledLimit = 200;
    private readonly SemaphoreSlim[] partitions = [.. Enumerable.Range(0, 256).Select(_ => new SemaphoreSlim(1, 1))];

    /// <summary>
    /// Lets the messages of one saga through one at a time: in one process they would only collide and be handled again. Messages of sagas that share a partition by
    /// chance wait for each other too.
    /// </summary>
    public async Task OneAtATimeAsync(Guid correlationId, Func<Task> handle, CancellationToken cancellationToken)
    {
        var partition = partitions[(uint)correlationId.GetHashCode() % partitions.Length];
        await partition.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await handle().ConfigureAwait(false);
        }
        finally
        {
            partition.Release();
        }
    }

    /// <summary>The saga, or null.</summary>
    public ValueTask<TSaga?> LoadAsync(Guid correlationId, CancellationToken cancellationToken) => sagas.GetAsync(SagaDocument.IdOf(correlationId), cancellationToken);

    /// <summary>Writes a new saga; false when it is there already.</summary>
    public async Task<bool> TryInsertAsync(TSaga saga, Guid? messageId, CancellationToken cancellationToken)
    {
        NoteHandled(saga, messageId);
        if (!await sagas.TryInsertAsync(saga, cancellationToken).ConfigureAwait(false))
        {
            return false;
        }

        await DispatchAsync(saga, cancellationToken).ConfigureAwait(false);
        return true;
    }

    /// <summary>Writes a saga; false when somebody else has written it in between.</summary>
    public async Task<bool> TryUpdateAsync(TSaga saga, Guid? messageId, CancellationToken cancellationToken)
    {
        NoteHandled(saga, messageId);
        if (!await sagas.TryReplaceAsync(saga, cancellationToken).ConfigureAwait(false))
        {
            return false;
        }

        await DispatchAsync(saga, cancellationToken).ConfigureAwait(false);
        return true;
    }

    /// <summary>Deletes a saga.</summary>
    public ValueTask<bool> DeleteAsync(TSaga saga, CancellationToken cancellationToken) => sagas.DeleteAsync(saga.Id, cancellationToken);

    /// <summary>Sends what a saga carries.</summary>
    public Task DispatchAsync(TSaga saga, CancellationToken cancellationToken) =>
        saga.HasPending ? dispatcher.DispatchAsync(sagas, saga, cancellationToken) : Task.CompletedTask;

    private static void NoteHandled(TSaga saga, Guid? messageId)
    {
        if (messageId is not { } id || saga.Handled.Contains(id))
        {
            return;
        }

        saga.Handled.Add(id);
        if (saga.Handled.Count > HandledLimit)
        {
            saga.Handled.RemoveRange(0, saga.Handled.Count - HandledLimit);
        }
    }
}
