namespace Ferry.Contracts.Conversions;

/// <summary>Event of the orchestrator's sweeper: the conversion has been silent; its current step's commands are to be sent again.</summary>
public sealed record ConversionNudged
{
    /// <summary>Id of the conversion.</summary>
    public required Guid ConversionId { get; init; }
}
