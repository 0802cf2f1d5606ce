using Ferry.Hosting.Outbox;
using MassTransit;

namespace Ferry.Hosting.Sagas;

/// <summary>Base of the states of sagas.</summary>
public abstract class SagaDocument : SagaStateMachineInstance, ISagaDocument
{
    /// <inheritdoc/>
    public Guid CorrelationId { get; set; }

    /// <inheritdoc/>
    public string Id => IdOf(CorrelationId);

    /// <inheritdoc/>
    public long Version { get; set; }

    /// <inheritdoc/>
    public List<PendingMessage> Pending { get; set; } = [];

    /// <inheritdoc/>
    public bool HasPending => Pending.Count > 0;

    /// <inheritdoc/>
    public List<Guid> Handled { get; set; } = [];

    /// <summary>The document id of a saga.</summary>
    public static string IdOf(Guid correlationId) => correlationId.ToString("N");

    /// <summary>Sends a command to the queue that is named after it, once the state is written.</summary>
    public void Send<T>(T command, TimeProvider time) where T : class
    {
        ArgumentNullException.ThrowIfNull(time);
        Pending.Add(PendingMessage.Command(command, time.GetUtcNow()));
    }

    /// <summary>Publishes an event, once the state is written.</summary>
    public void Publish<T>(T message, TimeProvider time) where T : class
    {
        ArgumentNullException.ThrowIfNull(time);
        Pending.Add(PendingMessage.Event(message, time.GetUtcNow()));
    }
}
