namespace Ferry.Contracts.Conversions;

/// <summary>Command to the orchestrator: take a failed conversion up again at the step that failed. What was captured and transferred is kept.</summary>
public sealed record RetryConversion
{
    /// <summary>Id of the conversion.</summary>
    public required Guid ConversionId { get; init; }
}
