namespace Ferry.Contracts.Transfer;

/// <summary>
/// Event of transfer: a job's state has changed; also published, and then it may be lost, when only the counters have, at most every two seconds. Of two events of a job the
/// one with the higher <see cref="Revision"/> is the newer.
/// </summary>
public sealed record TransferJobChanged
{
    /// <summary>Id of the job.</summary>
    public required Guid Id { get; init; }

    /// <summary>Counts the changes of state, from 1.</summary>
    public required long Revision { get; init; }

    /// <summary>The conversion that it works for, or null.</summary>
    public Guid? ConversionId { get; init; }

    /// <summary>State.</summary>
    public required TransferJobState State { get; init; }

    /// <summary>Priority.</summary>
    public required TransferPriority Priority { get; init; }

    /// <summary>Counters.</summary>
    public required TransferCounters Counters { get; init; }

    /// <summary>What it waits for, or null.</summary>
    public WaitingFor? WaitingFor { get; init; }

    /// <summary>What went wrong last, or null.</summary>
    public Failure? Failure { get; init; }

    /// <summary>When, UTC.</summary>
    public required DateTimeOffset ChangedAt { get; init; }
}
