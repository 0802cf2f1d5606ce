namespace Ferry.Contracts.Transfer;

/// <summary>One transfer job as the API shows it.</summary>
public sealed record TransferJobView
{
    /// <summary>Id.</summary>
    public required Guid Id { get; init; }

    /// <summary>Name.</summary>
    public required string Name { get; init; }

    /// <summary>Who it belongs to.</summary>
    public required string Owner { get; init; }

    /// <summary>The conversion that it works for, or null.</summary>
    public Guid? ConversionId { get; init; }

    /// <summary>Index of the conversion's disk, or null.</summary>
    public int? Disk { get; init; }

    /// <summary>Direction.</summary>
    public required TransferJobType Type { get; init; }

    /// <summary>Priority.</summary>
    public required TransferPriority Priority { get; init; }

    /// <summary>State.</summary>
    public required TransferJobState State { get; init; }

    /// <summary>Files in order.</summary>
    public required IReadOnlyList<TransferFileView> Files { get; init; }

    /// <summary>Counters.</summary>
    public required TransferCounters Counters { get; init; }

    /// <summary>What it waits for, or null.</summary>
    public WaitingFor? WaitingFor { get; init; }

    /// <summary>What went wrong last, or null.</summary>
    public Failure? Failure { get; init; }

    /// <summary>Transient errors since the last proven progress.</summary>
    public required int Retries { get; init; }

    /// <summary>When it was made, UTC.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When its state changed last, UTC.</summary>
    public required DateTimeOffset ChangedAt { get; init; }
}
