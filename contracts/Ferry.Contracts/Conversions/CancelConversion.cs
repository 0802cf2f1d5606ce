namespace Ferry.Contracts.Conversions;

/// <summary>Command to the orchestrator: stop a conversion and remove what it made. Harmless when it has ended.</summary>
public sealed record CancelConversion
{
    /// <summary>Id of the conversion.</summary>
    public required Guid ConversionId { get; init; }
}
