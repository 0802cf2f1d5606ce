namespace Ferry.Contracts.Library;

/// <summary>A verification of a machine in the library: every file is read and compared with its size and SHA-256.</summary>
public sealed record LibraryVerificationView
{
    /// <summary>Id of the run.</summary>
    public required Guid Id { get; init; }

    /// <summary>When it was asked for, UTC.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>When it ended, UTC; null while it waits or runs.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>Files that were compared.</summary>
    public int Files { get; init; }

    /// <summary>Bytes that were read.</summary>
    public long Bytes { get; init; }

    /// <summary>What is wrong; empty when all is as it was written.</summary>
    public IReadOnlyList<LibraryDamage> Damaged { get; init; } = [];

    /// <summary>Why it could not be done, or null.</summary>
    public Failure? Failure { get; init; }
}
