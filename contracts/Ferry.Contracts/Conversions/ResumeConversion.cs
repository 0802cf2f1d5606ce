namespace Ferry.Contracts.Conversions;

/// <summary>Command to the orchestrator: let a paused conversion go on behind what is proven. Harmless when it is not paused.</summary>
public sealed record ResumeConversion
{
    /// <summary>Id of the conversion.</summary>
    public required Guid ConversionId { get; init; }
}
