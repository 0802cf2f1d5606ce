using Ferry.Hosting.Documents;

namespace Ferry.Orchestrator.DeadLetters;

/// <summary>A message that a service could not consume, kept until an operator has dealt with it.</summary>
public sealed class DeadLetterDocument : IDocument
{
    /// <summary>The collection and its indexes.</summary>
    public static readonly CollectionDefinition Collection = new("orchestrator.letters", ["failedAt"], ["conversionId"]);

    /// <summary>Message id and queue: the same message that fails again is the same dead letter.</summary>
    public required string Id { get; set; }

    /// <inheritdoc/>
    public long Version { get; set; }

    /// <summary>The queue whose consumer failed.</summary>
    public required string Queue { get; set; }

    /// <summary>The message's id on the bus.</summary>
    public required Guid MessageId { get; set; }

    /// <summary>Full name of its contract type.</summary>
    public required string Type { get; set; }

    /// <summary>The conversion, or null.</summary>
    public Guid? ConversionId { get; set; }

    /// <summary>Step of the flow that it belongs to, or null.</summary>
    public string? Step { get; set; }

    /// <summary>Attempt of the step, or null.</summary>
    public int? Attempt { get; set; }

    /// <summary>The message as JSON, or null when it was too long or not readable.</summary>
    public string? Body { get; set; }

    /// <summary>What kind of error it was.</summary>
    public required string Reason { get; set; }

    /// <summary>Trace in which it failed, or null.</summary>
    public string? TraceId { get; set; }

    /// <summary>When it failed last, UTC.</summary>
    public required DateTimeOffset FailedAt { get; set; }

    /// <summary>How often it has failed.</summary>
    public int Failures { get; set; } = 1;

    /// <summary>How often it was retried.</summary>
    public int Retries { get; set; }
}
