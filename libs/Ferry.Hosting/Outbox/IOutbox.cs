using Ferry.Hosting.Documents;

namespace Ferry.Hosting.Outbox;

/// <summary>A service's own collection whose documents carry messages: write the document with its messages, then dispatch it. The sweeper does what a crash in between left.</summary>
public interface IOutbox<T> where T : class, IOutboxDocument
{
    /// <summary>The documents.</summary>
    IDocumentCollection<T> Documents { get; }

    /// <summary>Sends the pending messages of a document that has just been written, and takes those that are confirmed out of it.</summary>
    Task DispatchAsync(T document, CancellationToken cancellationToken);
}
