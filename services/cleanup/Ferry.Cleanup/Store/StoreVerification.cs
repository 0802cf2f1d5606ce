using Ferry.Chunks;
using Ferry.Chunks.Store;
using Ferry.Contracts.Store;
using Ferry.Hosting.Documents;

namespace Ferry.Cleanup.Store;

/// <summary>Reads every chunk and compares it with its id, on all processors, one chunk in memory for each. What does not match is set aside.</summary>
public sealed class StoreVerification(IChunkStore store, TimeProvider time) : IStoreWork
{
    private const int MostListed = 1000;
    private static readonly TimeSpan ReportEvery = TimeSpan.FromSeconds(1);

    /// <inheritdoc/>
    public string Kind => StoreTaskKind.Verification;

    /// <inheritdoc/>
    public async Task<Func<DocumentUpdate, DocumentUpdate>> RunAsync(StoreTaskLease lease, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(lease);
        var (chunks, bytes, corruptChunks) = (0L, 0L, 0L);
        var corrupt = new List<ChunkId>();
        var verifying = Parallel.ForEachAsync(store.EnumerateAsync(cancellationToken), cancellationToken, async (chunk, token) =>
        {
            if (!await store.VerifyAsync(chunk.Id, token))
            {
                Interlocked.Increment(ref corruptChunks);
                lock (corrupt)
                {
                    corrupt.AddRange(corrupt.Count < MostListed ? [chunk.Id] : []);
                }
            }

            Interlocked.Increment(ref chunks);
            Interlocked.Add(ref bytes, chunk.StoredBytes);
        });
        while (await Task.WhenAny(verifying, Task.Delay(ReportEvery, time, cancellationToken)) != verifying)
        {
            await lease.ReportAsync("verifying", Interlocked.Read(ref chunks), cancellationToken);
        }

        await verifying;
        var result = new VerificationResult { Chunks = chunks, Bytes = bytes, CorruptChunks = corruptChunks, Corrupt = [.. corrupt.Order().Select(id => id.ToString())] };
        return update => update.AndSet("verified", result).AndSet("processed", chunks);
    }
}
