using Ferry.Chunks;
using Ferry.Chunks.Manifests;
using Ferry.Chunks.Store;

namespace Ferry.Conversion.Tests.Support;

/// <summary>A chunk store that nobody asks.</summary>
internal sealed class NoChunks : IChunkStore
{
    public static ManifestStore Manifests => new(new NoChunks());

    public ValueTask<bool> ContainsAsync(ChunkId id, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public ValueTask<(ChunkId Id, bool Added)> PutAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public ValueTask<bool> PutAsync(ChunkId id, ReadOnlyMemory<byte> data, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public ValueTask FlushAsync(CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public ValueTask<int> ReadAsync(ChunkId id, Memory<byte> buffer, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public ValueTask<bool> VerifyAsync(ChunkId id, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public ValueTask<DateTimeOffset> BeginCollectionAsync(CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public IAsyncEnumerable<StoredChunk> EnumerateAsync(CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public ValueTask<bool> DeleteAsync(ChunkId id, DateTimeOffset? notUsedSince = null, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public ValueTask<ChunkStoreStats> GetStatsAsync(CancellationToken cancellationToken = default) => throw new NotSupportedException();
}
