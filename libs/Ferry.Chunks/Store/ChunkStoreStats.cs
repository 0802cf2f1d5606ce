namespace Ferry.Chunks.Store;

/// <summary>What a store holds.</summary>
/// <param name="Chunks">Number of durable chunks, manifest pages included.</param>
/// <param name="StoredBytes">What they take, after compression.</param>
/// <param name="PendingChunks">Chunks put through this instance that wait for a flush.</param>
/// <param name="CorruptChunks">Chunks set aside because their bytes no longer matched their id.</param>
public sealed record ChunkStoreStats(long Chunks, long StoredBytes, int PendingChunks, long CorruptChunks)
{
    /// <summary>What the chunks stand for, before compression.</summary>
    public long Bytes { get; init; }

    /// <summary>Free on the store's disk.</summary>
    public long FreeBytes { get; init; }

    /// <summary>Most bytes that the store may take; 0: no limit.</summary>
    public long QuotaBytes { get; init; }

    /// <summary>Bytes that are kept free on the store's disk.</summary>
    public long ReserveBytes { get; init; }
}
