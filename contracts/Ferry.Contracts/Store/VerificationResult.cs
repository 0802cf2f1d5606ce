namespace Ferry.Contracts.Store;

/// <summary>What a verification of the chunk store found.</summary>
public sealed record VerificationResult
{
    /// <summary>Chunks that were read and compared with their ids.</summary>
    public required long Chunks { get; init; }

    /// <summary>What they take in the store, in bytes.</summary>
    public required long Bytes { get; init; }

    /// <summary>Chunks that did not match; they were set aside and count as missing from now on.</summary>
    public required long CorruptChunks { get; init; }

    /// <summary>Ids of the first thousand of them.</summary>
    public required IReadOnlyList<string> Corrupt { get; init; }
}
