using Ferry.Hosting.Outbox;

namespace Ferry.Hosting.Sagas;

/// <summary>
/// State of a saga as a document. Behaviours add what they send to <see cref="IOutboxDocument.Pending"/>; state, messages and the handled message's id are one write.
/// Its <see cref="Documents.IDocument.Id"/> must be the correlation id as <see cref="SagaDocument.IdOf"/> writes it.
/// </summary>
public interface ISagaDocument : IOutboxDocument
{
    /// <summary>Ids of the messages it has handled, the newest last; kept by the repository, bounded.</summary>
    List<Guid> Handled { get; }
}
