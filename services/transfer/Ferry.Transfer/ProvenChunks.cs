using Ferry.Chunks.Manifests;
using Ferry.Chunks.Store;
using Ferry.Hosting.Jobs;
using Ferry.Hosting.Live;

namespace Ferry.Transfer;

/// <summary>What a transfer has brought stands in no manifest before its end: garbage collection must see that it is needed.</summary>
public sealed class ProvenChunks(IChunkStore store) : IProvenChunks
{
    /// <inheritdoc/>
    public async Task KeepAsync(IReadOnlyList<SliceDocument> slices, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(slices);
        foreach (var slice in slices)
        {
            for (var offset = 0; offset < slice.Entries.Length; offset += ManifestEntryCodec.EntrySize)
            {
                if (ManifestEntryCodec.Read(slice.Entries.AsSpan(offset)) is { State: ChunkState.Stored } entry)
                {
                    await store.ContainsAsync(entry.Id, cancellationToken);
                }
            }
        }
    }
}
