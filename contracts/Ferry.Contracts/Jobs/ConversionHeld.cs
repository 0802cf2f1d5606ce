namespace Ferry.Contracts.Jobs;

/// <summary>Event of the orchestrator: every service suspends the jobs of a conversion, or lets them go on. The highest revision counts, whatever the order of arrival.</summary>
public sealed record ConversionHeld
{
    /// <summary>Id of the conversion.</summary>
    public required Guid ConversionId { get; init; }

    /// <summary>Counts the pauses and resumptions of the conversion, from 1.</summary>
    public required int Revision { get; init; }

    /// <summary>Whether its jobs are to rest.</summary>
    public required bool Held { get; init; }
}
