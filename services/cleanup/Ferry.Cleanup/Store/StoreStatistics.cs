using Ferry.Chunks.Store;
using Ferry.Contracts.Store;

namespace Ferry.Cleanup.Store;

/// <summary>Counts what the store holds. That walks over the store, so that an answer is given again for a few seconds. Thread-safe.</summary>
public sealed class StoreStatistics(IChunkStore store, StoreTasks tasks, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(5);
    private readonly SemaphoreSlim counting = new(1);
    private ChunkStoreStats? counted;
    private DateTimeOffset countedAt;

    /// <summary>What the store holds.</summary>
    public async Task<StoreStats> GetAsync(CancellationToken cancellationToken)
    {
        await counting.WaitAsync(cancellationToken);
        try
        {
            var now = time.GetUtcNow();
            if (counted is null || now - countedAt > Fresh)
            {
                counted = await store.GetStatsAsync(cancellationToken);
                countedAt = now;
                StoreTelemetry.Record(counted.Chunks, counted.StoredBytes);
            }

            return await WithMarkAsync(counted, countedAt, cancellationToken);
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
