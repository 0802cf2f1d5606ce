using Ferry.Chunks.Store;

namespace Ferry.Chunks.Collection;

/// <summary>
/// The sweep of mark and sweep. It may stop at any point, run beside any reader or writer, and go on with old marks after a long pause: a chunk goes only when
/// it was neither put nor asked for since the cut-off, and that is looked at when nobody can ask for it unnoticed any more.
/// </summary>
/// <param name="store">The store.</param>
/// <param name="live">What stays.</param>
/// <param name="notUsedSince">The cut-off: the store's clock when the roots were asked for, less the grace period.</param>
/// <param name="dryRun">Deletes nothing.</param>
public sealed class ChunkSweeper(IChunkStore store, LiveChunks live, DateTimeOffset notUsedSince, bool dryRun)
{
    private readonly Lock gate = new();
    private SweptChunks swept = new();

    /// <summary>What it has found and done so far.</summary>
    public SweptChunks Swept
    {
        get
        {
            lock (gate)
            {
                return swept;
            }
        }
    }

    /// <summary>Goes once over the store.</summary>
    /// <exception cref="ChunkStoreException">The store cannot be read or written; what is deleted was garbage.</exception>
    public async Task<SweptChunks> SweepAsync(CancellationToken cancellationToken = default)
    {
        await Parallel.ForEachAsync(store.EnumerateAsync(cancellationToken), cancellationToken, async (chunk, token) =>
        {
            SweptChunks one = await SweepAsync(chunk, token);
            lock (gate)
            {
                swept += one;
            }
        });
        return Swept;
    }

    private async ValueTask<SweptChunks> SweepAsync(StoredChunk chunk, CancellationToken cancellationToken)
    {
        var seen = new SweptChunks { Chunks = 1, Bytes = chunk.StoredBytes };
        if (live.Contains(chunk.Id))
        {
            return seen;
        }

        seen = seen with { GarbageChunks = 1, GarbageBytes = chunk.StoredBytes };
        if (chunk.LastUsed >= notUsedSince || (!dryRun && !await store.DeleteAsync(chunk.Id, notUsedSince, cancellationToken)))
        {
            return seen;
        }

        if (!dryRun)
        {
            ChunkTelemetry.Collected.Add(1);
            ChunkTelemetry.CollectedBytes.Add(chunk.StoredBytes);
        }

        return seen with { CollectedChunks = 1, CollectedBytes = chunk.StoredBytes };
    }
}
