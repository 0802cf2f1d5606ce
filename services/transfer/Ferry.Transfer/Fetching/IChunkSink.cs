using Ferry.Chunks.Manifests;
using Ferry.Contracts.Conversions;

namespace Ferry.Transfer.Fetching;

/// <summary>Where the chunks of a file go. Safe for concurrent use.</summary>
public interface IChunkSink
{
    /// <summary>Whether a chunk whose id is known is there already and need not be moved.</summary>
    ValueTask<bool> ContainsAsync(ManifestEntry entry, CancellationToken cancellationToken);

    /// <summary>Puts a chunk. Durable after <see cref="FlushAsync"/>.</summary>
    ValueTask<(ManifestEntry Entry, ByteCounts Bytes)> PutAsync(long chunk, ReadOnlyMemory<byte> data, CancellationToken cancellationToken);

    /// <summary>Makes durable what was put before.</summary>
    ValueTask FlushAsync(CancellationToken cancellationToken);
}
