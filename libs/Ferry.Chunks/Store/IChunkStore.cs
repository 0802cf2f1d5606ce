namespace Ferry.Chunks.Store;

/// <summary>Content-addressed store of chunks and manifest pages. Safe for concurrent use by several processes.</summary>
public interface IChunkStore
{
    /// <summary>Whether the chunk is there.</summary>
    ValueTask<bool> ContainsAsync(ChunkId id, CancellationToken cancellationToken = default);

    /// <summary>Stores bytes under their id, durably; does nothing but return the id when they are there already.</summary>
    /// <returns>The id, and whether the bytes were new.</returns>
    /// <exception cref="ChunkStoreException">The store cannot be written; <see cref="ChunkStoreErrors.Full"/> when the disk is full.</exception>
    ValueTask<(ChunkId Id, bool Added)> PutAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken = default);

    /// <summary>Stores bytes that came from outside under the id they were announced with.</summary>
    /// <exception cref="ChunkStoreException"><see cref="ChunkStoreErrors.Mismatch"/> when the bytes do not match the id; nothing is stored.</exception>
    ValueTask<bool> PutAsync(ChunkId id, ReadOnlyMemory<byte> data, CancellationToken cancellationToken = default);

    /// <summary>Reads and verifies a chunk.</summary>
    /// <returns>Number of bytes.</returns>
    /// <exception cref="ChunkStoreException"><see cref="ChunkStoreErrors.Missing"/>, <see cref="ChunkStoreErrors.Corrupt"/>, or <see cref="ChunkStoreErrors.Mismatch"/> when the chunk is longer than the buffer.</exception>
    ValueTask<int> ReadAsync(ChunkId id, Memory<byte> buffer, CancellationToken cancellationToken = default);
}
