namespace Ferry.Contracts.DeadLetters;

/// <summary>A message that could not be consumed, as the API shows it.</summary>
public sealed record DeadLetterView
{
    /// <summary>Its id: message id and queue.</summary>
    public required string Id { get; init; }

    /// <summary>The queue whose consumer failed.</summary>
    public required string Queue { get; init; }

    /// <summary>Name of its contract type.</summary>
    public required string Type { get; init; }

    /// <summary>The conversion that it belongs to, or null.</summary>
    public Guid? ConversionId { get; init; }

    /// <summary>What kind of error it was.</summary>
    public required string Reason { get; init; }

    /// <summary>Trace in which it failed, or null.</summary>
    public string? TraceId { get; init; }

    /// <summary>When it failed last, UTC.</summary>
    public required DateTimeOffset FailedAt { get; init; }

    /// <summary>How often it has failed, its own retries not counted.</summary>
    public required int Failures { get; init; }

    /// <summary>How often an operator has retried it.</summary>
    public required int Retries { get; init; }

    /// <summary>The message as JSON, with what could be a credential masked; null in lists, or when it was too long or not readable.</summary>
    public string? Body { get; init; }
}
