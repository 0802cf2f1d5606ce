namespace Ferry.Chunks.Store;

/// <summary>What a store holds.</summary>
/// <param name="Chunks">Number of durable chunks, manifest pages included.</param>
/// <param name="StoredBytes">What they take, after compression.</param>
/// <param name="PendingChunks">Chunks put through this instance that wait for a flush.</param>
/// <param name="CorruptChunks">Chunks set aside because their bytes no longer matched their id.</param>
public sealed record ChunkStoreStats(long Chunks, long StoredBytes, int PendingChunks, long CorruptChunks);
