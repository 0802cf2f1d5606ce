namespace Ferry.Contracts.Conversions;

/// <summary>Command to the orchestrator: hold a conversion where it is. Its running jobs stop between slices, no further step begins. Harmless when it has ended.</summary>
public sealed record PauseConversion
{
    /// <summary>Id of the conversion.</summary>
    public required Guid ConversionId { get; init; }
}
