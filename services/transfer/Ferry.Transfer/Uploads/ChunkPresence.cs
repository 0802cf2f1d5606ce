using System.Collections.Concurrent;
using Ferry.Chunks;
using Ferry.Chunks.Manifests;
using Ferry.Chunks.Store;

namespace Ferry.Transfer.Uploads;

/// <summary>Asks a store for the chunks of a page, several at a time, as each may be a question to a file server. What is there is thereby kept from garbage collection for the grace period.</summary>
internal static class ChunkPresence
{
    private const int AtOnce = 8;

    /// <summary>The ids that the store lacks.</summary>
    /// <exception cref="ChunkStoreException">The store cannot be read.</exception>
    public static async Task<IReadOnlyCollection<ChunkId>> FindMissingAsync(IChunkStore chunks, IEnumerable<ManifestEntry> entries, CancellationToken cancellationToken)
    {
        var missing = new ConcurrentDictionary<ChunkId, bool>();
        var ids = entries.Where(entry => entry.State is ChunkState.Stored).Select(entry => entry.Id).Distinct();
        await Parallel.ForEachAsync(ids, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken }, async (id, token) =>
        {
            if (!await chunks.ContainsAsync(id, token))
            {
                missing[id] = true;
            }
        });
        return [.. missing.Keys];
    }
}
