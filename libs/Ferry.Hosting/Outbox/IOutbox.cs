using Ferry.Hosting.Documents;

namespace Ferry.Hosting.Outbox;

/// <summary>Sends messages that belong to a document's state. Thread-safe.</summary>
public interface IOutbox
{
    /// <summary>
    /// Sends what a document that has just been written carries, and takes what the broker has confirmed out of it. What cannot be sent stays for the sweeper;
    /// throws only when cancelled.
    /// </summary>
    Task DispatchAsync<T>(IDocumentCollection<T> collection, T document, CancellationToken cancellationToken) where T : class, IOutboxDocument;

    /// <summary>Sends one message that no document carries, and returns when the broker has it. For messages that somebody repeats when they are lost.</summary>
    Task SendAsync(PendingMessage message, CancellationToken cancellationToken);
}
