namespace Ferry.Contracts.Conversions;

/// <summary>Command to the orchestrator: begin a conversion.</summary>
public sealed record RequestConversion
{
    /// <summary>Id of the new conversion, chosen by the sender so that a repeat is harmless.</summary>
    public required Guid ConversionId { get; init; }

    /// <summary>What is asked for.</summary>
    public required ConversionRequest Request { get; init; }

    /// <summary>When it was asked for, UTC.</summary>
    public required DateTimeOffset RequestedAt { get; init; }
}
