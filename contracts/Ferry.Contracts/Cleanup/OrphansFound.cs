namespace Ferry.Contracts.Cleanup;

/// <summary>Event of the orchestrator: a service holds something for a conversion that has ended; it is cleaned up again.</summary>
public sealed record OrphansFound
{
    /// <summary>Id of the conversion.</summary>
    public required Guid ConversionId { get; init; }
}
