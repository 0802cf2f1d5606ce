using Ferry.Chunks.Manifests;
using Ferry.Chunks.Store;

namespace Ferry.Chunks.Collection;

/// <summary>Asks for what a manifest needs before somebody counts on it that was not told of it by a live document: a remembered result, for example.</summary>
public static class ManifestPresence
{
    /// <summary>
    /// Whether the root, every page and every stored chunk is there. Asking protects all of them from garbage collection for the store's grace period, within
    /// which the manifest must stand in a document that a service answers with.
    /// </summary>
    /// <exception cref="ChunkStoreException">The store cannot be read.</exception>
    public static async ValueTask<bool> ClaimAsync(ManifestStore manifests, ChunkId root, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(manifests);
        try
        {
            ManifestReader manifest = await manifests.OpenAsync(root, cancellationToken);
            await foreach (ChunkId id in ManifestWalker.GetLiveIdsAsync(manifest, cancellationToken))
            {
                if (!await manifests.Chunks.ContainsAsync(id, cancellationToken))
                {
                    return false;
                }
            }

            return true;
        }
        catch (ChunkStoreException e) when (e.Code is ChunkStoreErrors.Missing or ChunkStoreErrors.Corrupt)
        {
            return false;
        }
    }
}
