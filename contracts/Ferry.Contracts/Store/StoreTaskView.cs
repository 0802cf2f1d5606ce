namespace Ferry.Contracts.Store;

/// <summary>A garbage collection or verification of the chunk store: the current one, or the last.</summary>
public sealed record StoreTaskView
{
    /// <summary>Id of the run.</summary>
    public required Guid Id { get; init; }

    /// <summary><c>gc</c> or <c>verify</c>.</summary>
    public required string Kind { get; init; }

    /// <summary><c>Waiting</c>, <c>Running</c>, <c>Done</c>, <c>Failed</c>.</summary>
    public required string State { get; init; }

    /// <summary>What it does now: <c>asking</c>, <c>marking</c>, <c>sweeping</c>, <c>verifying</c>; null when it does not run.</summary>
    public string? Phase { get; init; }

    /// <summary>Chunks, or manifests while marking, that are dealt with in this phase.</summary>
    public required long Processed { get; init; }

    /// <summary>When it was asked for, UTC.</summary>
    public required DateTimeOffset RequestedAt { get; init; }

    /// <summary>When it ended, UTC, or null.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>Why it failed, or null.</summary>
    public Failure? Failure { get; init; }

    /// <summary>Result of a garbage collection, or null.</summary>
    public CollectionResult? Collection { get; init; }

    /// <summary>Result of a verification, or null.</summary>
    public VerificationResult? Verification { get; init; }
}
