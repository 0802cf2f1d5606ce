using Ferry.Hosting.Documents;

namespace Ferry.Hosting.Outbox;

/// <summary>A collection and the dispatcher.</summary>
internal sealed class DocumentOutbox<T>(IDocumentCollection<T> documents, OutboxDispatcher dispatcher) : IOutbox<T> where T : class, IOutboxDocument
{
    /// <inheritdoc/>
    public IDocumentCollection<T> Documents { get; } = documents;

    /// <inheritdoc/>
    public Task DispatchAsync(T document, CancellationToken cancellationToken) => dispatcher.DispatchAsync(Documents, document, cancellationToken);
}
