namespace Ferry.Contracts.Store;

/// <summary>What the chunk store holds. Sizes are in bytes.</summary>
public sealed record StoreStats
{
    /// <summary>When it was counted, UTC.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Number of chunks, manifest pages included.</summary>
    public required long Chunks { get; init; }

    /// <summary>What they take, after compression.</summary>
    public required long StoredBytes { get; init; }

    /// <summary>What they stand for, before compression.</summary>
    public required long Bytes { get; init; }

    /// <summary><see cref="Bytes"/> for each stored byte; 0 for an empty store.</summary>
    public required double CompressionRatio { get; init; }

    /// <summary>Chunks that were set aside because their bytes no longer matched their id.</summary>
    public required long CorruptChunks { get; init; }

    /// <summary>Free on the store's disk.</summary>
    public required long FreeBytes { get; init; }

    /// <summary>Most that the store may take; 0: no limit.</summary>
    public required long QuotaBytes { get; init; }

    /// <summary>What is kept free on the store's disk.</summary>
    public required long ReserveBytes { get; init; }

    /// <summary>What the last garbage collection found when it marked, or null when there was none.</summary>
    public StoreMark? LastMark { get; init; }
}
