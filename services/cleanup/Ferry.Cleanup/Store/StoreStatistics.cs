using Ferry.Chunks.Store;
using Ferry.Contracts.Store;

namespace Ferry.Cleanup.Store;

/// <summary>Counts what the store holds. That walks over the whole store, so it is done for one client after the other. Thread-safe.</summary>
public sealed class StoreStatistics(IChunkStore store, StoreTasks tasks, TimeProvider time) : IDisposable
{
    private readonly SemaphoreSlim counting = new(1);

    /// <summary>What the store holds.</summary>
    public async Task<StoreStats> GetAsync(CancellationToken cancellationToken)
    {
        await counting.WaitAsync(cancellationToken);
        try
        {
            var at = time.GetUtcNow();
            var counted = await store.GetStatsAsync(cancellationToken);
            StoreTelemetry.Record(counted.Chunks, counted.StoredBytes);
            return await WithMarkAsync(counted, at, cancellationToken);
        }
        finally
        {
            counting.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => counting.Dispose();

    private async Task<StoreStats> WithMarkAsync(ChunkStoreStats stats, DateTimeOffset at, CancellationToken cancellationToken) => new()
    {
        At = at,
        Chunks = stats.Chunks,
        StoredBytes = stats.StoredBytes,
        Bytes = stats.Bytes,
        CompressionRatio = stats.StoredBytes == 0 ? 0 : (double)stats.Bytes / stats.StoredBytes,
        CorruptChunks = stats.CorruptChunks,
        FreeBytes = stats.FreeBytes,
        QuotaBytes = stats.QuotaBytes,
        ReserveBytes = stats.ReserveBytes,
        LastMark = (await tasks.Documents.GetAsync(StoreTaskKind.Collection, cancellationToken))?.LastMark,
    };
}
