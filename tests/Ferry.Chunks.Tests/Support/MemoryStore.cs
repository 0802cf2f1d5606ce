using System.Collections.Concurrent;
using Ferry.Chunks.Store;

namespace Ferry.Chunks.Tests.Support;

/// <summary>A chunk store in memory, whose content tests can damage.</summary>
internal sealed class MemoryStore : IChunkStore
{
    public ConcurrentDictionary<ChunkId, byte[]> Chunks { get; } = new();

    public ValueTask<bool> ContainsAsync(ChunkId id, CancellationToken cancellationToken = default) => ValueTask.FromResult(Chunks.ContainsKey(id));

    public ValueTask<(ChunkId Id, bool Added)> PutAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken = default)
    {
        ChunkId id = ChunkId.Of(data.Span);
        return ValueTask.FromResult((id, Chunks.TryAdd(id, data.ToArray())));
    }

    public ValueTask<bool> PutAsync(ChunkId id, ReadOnlyMemory<byte> data, CancellationToken cancellationToken = default) =>
        ValueTask.FromResult(Chunks.TryAdd(id, data.ToArray()));

    public ValueTask FlushAsync(CancellationToken cancellationToken = default) => ValueTask.CompletedTask;

    public ValueTask<int> ReadAsync(ChunkId id, Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (!Chunks.TryGetValue(id, out byte[]? bytes))
        {
            throw new ChunkStoreException(ChunkStoreErrors.Missing, "missing", id.ToString());
        }

        if (bytes.Length > buffer.Length)
        {
            throw new ChunkStoreException(ChunkStoreErrors.Mismatch, "too long", id.ToString());
        }

        bytes.CopyTo(buffer);
        return ValueTask.FromResult(bytes.Length);
    }

    public ValueTask<bool> VerifyAsync(ChunkId id, CancellationToken cancellationToken = default) =>
        ValueTask.FromResult(!Chunks.TryGetValue(id, out byte[]? bytes) || ChunkId.Of(bytes) == id);

    public ValueTask<DateTimeOffset> BeginCollectionAsync(CancellationToken cancellationToken = default) => ValueTask.FromResult(TimeProvider.System.GetUtcNow());

    public IAsyncEnumerable<StoredChunk> EnumerateAsync(CancellationToken cancellationToken = default) =>
        Chunks.Select(c => new StoredChunk(c.Key, c.Value.Length, default)).ToAsyncEnumerable();

    public ValueTask<bool> DeleteAsync(ChunkId id, DateTimeOffset? notUsedSince = null, CancellationToken cancellationToken = default) =>
        ValueTask.FromResult(Chunks.TryRemove(id, out _));

    public ValueTask<ChunkStoreStats> GetStatsAsync(CancellationToken cancellationToken = default) =>
        ValueTask.FromResult(new ChunkStoreStats(Chunks.Count, Chunks.Values.Sum(c => (long)c.Length), 0, 0));
}
