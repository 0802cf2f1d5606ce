using Ferry.Contracts.Conversions;

namespace Ferry.Contracts.Jobs;

/// <summary>Event of a service: how far a job is. At most one every second per job; may be lost.</summary>
public sealed record StepProgressed
{
    /// <summary>Id of the conversion.</summary>
    public required Guid ConversionId { get; init; }

    /// <summary>Attempt of the step.</summary>
    public required int Attempt { get; init; }

    /// <summary>Lease epoch of the worker.</summary>
    public required long Epoch { get; init; }

    /// <summary>Step, disk, bytes and what it waits for.</summary>
    public required DiskProgress Progress { get; init; }
}
