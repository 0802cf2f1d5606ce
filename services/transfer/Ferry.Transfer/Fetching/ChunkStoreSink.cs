using Ferry.Chunks.Manifests;
using Ferry.Chunks.Store;
using Ferry.Contracts.Conversions;

namespace Ferry.Transfer.Fetching;

/// <summary>Chunks go into the chunk store, each under the SHA-256 of its bytes; what is there already is not stored again.</summary>
public sealed class ChunkStoreSink(IChunkStore store) : IChunkSink
{
    /// <inheritdoc/>
    public ValueTask<bool> ContainsAsync(ManifestEntry entry, CancellationToken cancellationToken) => store.ContainsAsync(entry.Id, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<(ManifestEntry Entry, ByteCounts Bytes)> PutAsync(long chunk, ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        if (data.Span.IndexOfAnyExcept((byte)0) < 0)
        {
            return (new ManifestEntry(ChunkState.Zero), new ByteCounts { Zero = data.Length });
        }

        var (id, added) = await store.PutAsync(data, cancellationToken);
        return (new ManifestEntry(ChunkState.Stored, id), added ? new ByteCounts { Written = data.Length } : new ByteCounts { Deduplicated = data.Length });
    }

    /// <inheritdoc/>
    public ValueTask FlushAsync(CancellationToken cancellationToken) => store.FlushAsync(cancellationToken);
}
