namespace Ferry.Contracts.Jobs;

/// <summary>Event of a service: a message could not be consumed, also not when it was tried again. On RabbitMQ it lies in the error queue as well, or in that of skipped messages.</summary>
public sealed record MessagePoisoned
{
    /// <summary>The queue whose consumer failed.</summary>
    public required string Queue { get; init; }

    /// <summary>The message's id on the bus.</summary>
    public required Guid MessageId { get; init; }

    /// <summary>Full name of its contract type, or <c>unknown</c> when it was not even readable, or nobody tried.</summary>
    public required string Type { get; init; }

    /// <summary>The conversion that it belongs to, or null.</summary>
    public Guid? ConversionId { get; init; }

    /// <summary>The step that it names itself, or null.</summary>
    public string? Step { get; init; }

    /// <summary>The attempt of the step that it belongs to, or null.</summary>
    public int? Attempt { get; init; }

    /// <summary>The message as JSON, up to 64 KiB; null when it is longer or was not read.</summary>
    public string? Body { get; init; }

    /// <summary>What kind of error it was, <c>NoConsumer</c> when no consumer of the queue takes such messages; the text of an unknown error may hold a secret and stands in the service's log only.</summary>
    public required string Reason { get; init; }

    /// <summary>Trace in which it failed, 32 hexadecimal digits, or null.</summary>
    public string? TraceId { get; init; }

    /// <summary>When it failed, UTC.</summary>
    public required DateTimeOffset FailedAt { get; init; }
}
