namespace Ferry.Contracts.Jobs;

/// <summary>Event of a service: a job of a conversion's step has failed for good (its own retries are used up).</summary>
public sealed record StepFailed
{
    /// <summary>Id of the conversion.</summary>
    public required Guid ConversionId { get; init; }

    /// <summary>Name of the step.</summary>
    public required string Step { get; init; }

    /// <summary>Attempt of the step, as in the command.</summary>
    public required int Attempt { get; init; }

    /// <summary>Index of the disk, or null for the whole machine.</summary>
    public int? Disk { get; init; }

    /// <summary>Lease epoch of the worker that gave up.</summary>
    public required long Epoch { get; init; }

    /// <summary>Why.</summary>
    public required Failure Failure { get; init; }

    /// <summary>Findings that explain it (a fix-up that refuses a guest).</summary>
    public IReadOnlyList<Finding> Findings { get; init; } = [];
}
