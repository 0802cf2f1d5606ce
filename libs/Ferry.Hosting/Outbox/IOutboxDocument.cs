using Ferry.Hosting.Documents;

namespace Ferry.Hosting.Outbox;

/// <summary>A document that carries its outgoing messages: state and messages change in one atomic write.</summary>
public interface IOutboxDocument : IDocument
{
    /// <summary>Messages that have not been confirmed yet.</summary>
    List<PendingMessage> Pending { get; }

    /// <summary>True while <see cref="Pending"/> is not empty: the field that the sweeper looks for.</summary>
    bool HasPending { get; }
}
