using Ferry.Hosting.Documents;

namespace Ferry.Hosting.Outbox;

/// <summary>The outbox on the process's bus.</summary>
internal sealed class BusOutbox(OutboxDispatcher dispatcher, IMessageSender sender) : IOutbox
{
    /// <inheritdoc/>
    public Task DispatchAsync<T>(IDocumentCollection<T> collection, T document, CancellationToken cancellationToken)
        where T : class, IOutboxDocument => dispatcher.DispatchAsync(collection, document, cancellationToken);

    /// <inheritdoc/>
    public Task SendAsync(PendingMessage message, CancellationToken cancellationToken) => sender.SendAsync(message, cancellationToken);
}
