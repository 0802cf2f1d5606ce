namespace Ferry.Contracts.Store;

/// <summary>What a garbage collection did.</summary>
public sealed record CollectionResult
{
    /// <summary>Whether it was a dry run: then nothing was deleted, and the numbers say what would have been.</summary>
    public required bool DryRun { get; init; }

    /// <summary>Chunks that were deleted.</summary>
    public required long CollectedChunks { get; init; }

    /// <summary>Bytes that they took.</summary>
    public required long CollectedBytes { get; init; }

    /// <summary>What was found when marking.</summary>
    public required StoreMark Mark { get; init; }
}
