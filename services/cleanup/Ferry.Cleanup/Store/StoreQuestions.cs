using Ferry.Contracts.Cleanup;
using Ferry.Hosting.Outbox;

namespace Ferry.Cleanup.Store;

/// <summary>Publishes questions.</summary>
public sealed class StoreQuestions(OutboxDispatcher outbox, TimeProvider time) : IStoreQuestions
{
    /// <inheritdoc/>
    public Task AskAsync(ListLiveManifests question, CancellationToken cancellationToken) =>
        outbox.SendAsync(PendingMessage.Event(question, time.GetUtcNow()), cancellationToken);
}
