namespace Ferry.Chunks.Store;

/// <summary>One chunk as the store's folder lists it.</summary>
/// <param name="Id">The chunk.</param>
/// <param name="StoredBytes">What it takes in the store, after compression.</param>
/// <param name="LastUsed">When it was put or asked for last, to the hour.</param>
public readonly record struct StoredChunk(ChunkId Id, long StoredBytes, DateTimeOffset LastUsed);
