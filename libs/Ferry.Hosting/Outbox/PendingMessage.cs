using System.Text.Json;

namespace Ferry.Hosting.Outbox;

/// <summary>A message that is written with the state that caused it, sent afterwards, and removed when the broker has confirmed it.</summary>
public sealed record PendingMessage
{
    /// <summary>The message's id on the bus: a repeated send has the same id.</summary>
    public required Guid MessageId { get; init; }

    /// <summary>Full name of the contract type.</summary>
    public required string Type { get; init; }

    /// <summary>Queue of a command (kebab case of its type), or null to publish an event.</summary>
    public string? Queue { get; init; }

    /// <summary>The message.</summary>
    public required JsonElement Body { get; init; }

    /// <summary>W3C trace context of the work that caused it, so that a restart stays in the trace.</summary>
    public string? TraceParent { get; init; }

    /// <summary>When it was written, UTC.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>A command for the queue that is named after its type.</summary>
    public static PendingMessage Command(object message, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(message);
        return Of(message, QueueName.For(message.GetType()), now);
    }

    /// <summary>An event for whoever listens.</summary>
    public static PendingMessage Event(object message, DateTimeOffset now) => Of(message, null, now);

    private static PendingMessage Of(object message, string? queue, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(message);
        return new PendingMessage
        {
            MessageId = Guid.CreateVersion7(now),
            Type = message.GetType().FullName!,
            Queue = queue,
            Body = JsonSerializer.SerializeToElement(message, message.GetType(), Documents.DocumentJson.Options),
            TraceParent = System.Diagnostics.Activity.Current?.Id,
            CreatedAt = now,
        };
    }
}
