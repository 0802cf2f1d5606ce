namespace Ferry.Chunks.Store;

/// <summary>
/// Content-addressed store of chunks and manifest pages. Safe for concurrent use by several processes.
/// <para>
/// Durability is batched: what was put is readable through the same instance at once, and is durable and visible to others when
/// <see cref="FlushAsync"/> has returned. So a slice puts its chunks, flushes once, and only then records itself as proven.
/// </para>
/// </summary>
public interface IChunkStore
{
    /// <summary>
    /// Whether the chunk is there, or was put through this instance and waits for a flush. A true answer also protects the chunk from garbage
    /// collection for the store's grace period (see <see cref="DeleteAsync"/>).
    /// </summary>
    ValueTask<bool> ContainsAsync(ChunkId id, CancellationToken cancellationToken = default);

    /// <summary>Stores bytes under their id; does nothing but return the id when they are there already. Durable after <see cref="FlushAsync"/>.</summary>
    /// <returns>The id, and whether the bytes were new.</returns>
    /// <exception cref="ChunkStoreException">The store cannot be written; <see cref="ChunkStoreErrors.Full"/> when the disk is full.</exception>
    ValueTask<(ChunkId Id, bool Added)> PutAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken = default);

    /// <summary>Stores bytes that came from outside under the id they were announced with. Durable after <see cref="FlushAsync"/>.</summary>
    /// <exception cref="ChunkStoreException"><see cref="ChunkStoreErrors.Mismatch"/> when the bytes do not match the id; nothing is stored.</exception>
    ValueTask<bool> PutAsync(ChunkId id, ReadOnlyMemory<byte> data, CancellationToken cancellationToken = default);

    /// <summary>Makes every chunk durable whose put had returned before this call. One flush serves all callers that wait for it.</summary>
    /// <exception cref="ChunkStoreException">Not everything is durable; nothing may be recorded as proven.</exception>
    ValueTask FlushAsync(CancellationToken cancellationToken = default);

    /// <summary>Reads and verifies a chunk.</summary>
    /// <returns>Number of bytes.</returns>
    /// <exception cref="ChunkStoreException"><see cref="ChunkStoreErrors.Missing"/>, <see cref="ChunkStoreErrors.Corrupt"/> (from then on the chunk counts as missing, so that it is fetched again), or <see cref="ChunkStoreErrors.Mismatch"/> when the chunk is longer than the buffer.</exception>
    ValueTask<int> ReadAsync(ChunkId id, Memory<byte> buffer, CancellationToken cancellationToken = default);

    /// <summary>Reads a whole chunk and compares it with its id. One that does not match is set aside and from then on counts as missing.</summary>
    /// <returns>False when it was set aside. A chunk that is gone meanwhile counts as sound.</returns>
    ValueTask<bool> VerifyAsync(ChunkId id, CancellationToken cancellationToken = default);

    /// <summary>
    /// To be called at the start of a garbage collection: puts back what an interrupted one had begun to delete, and returns the store's own clock, which the
    /// times of last use are compared with.
    /// </summary>
    ValueTask<DateTimeOffset> BeginCollectionAsync(CancellationToken cancellationToken = default);

    /// <summary>Every durable chunk, in no order. Chunks that come or go meanwhile may or may not be seen.</summary>
    IAsyncEnumerable<StoredChunk> EnumerateAsync(CancellationToken cancellationToken = default);

    /// <summary>Deletes a chunk. Repeating it, or deleting what was never there, is no error.</summary>
    /// <param name="id">The chunk.</param>
    /// <param name="notUsedSince">
    /// Leaves the chunk alone when somebody put it or asked for it after this time, even at the same moment: whoever was told that it is there still has it. Null deletes in any case.
    /// </param>
    /// <param name="cancellationToken">Stops before the deletion.</param>
    /// <returns>Whether it was deleted.</returns>
    ValueTask<bool> DeleteAsync(ChunkId id, DateTimeOffset? notUsedSince = null, CancellationToken cancellationToken = default);

    /// <summary>Counts what is stored; walks over the whole store.</summary>
    ValueTask<ChunkStoreStats> GetStatsAsync(CancellationToken cancellationToken = default);
}
