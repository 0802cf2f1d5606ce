using System.Runtime.CompilerServices;
using Ferry.Chunks.Store;

namespace Ferry.Chunks.Manifests;

/// <summary>Lists what a manifest needs from the store.</summary>
public static class ManifestWalker
{
    /// <summary>
    /// The ids that garbage collection must keep for a manifest: its root, its pages and its stored chunks. An id may come several times. The
    /// id of an <see cref="ChunkState.OriginHashed"/> entry is not among them: those bytes are at the origin.
    /// </summary>
    /// <exception cref="ChunkStoreException">A page is missing or malformed: then nothing may be collected.</exception>
    public static async IAsyncEnumerable<ChunkId> GetLiveIdsAsync(ManifestReader manifest, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        yield return manifest.Root;
        foreach (ChunkId page in manifest.Header.Pages)
        {
            yield return page;
        }

        await foreach (ManifestRun run in manifest.ReadRunsAsync(cancellationToken))
        {
            if (run.Entry.State == ChunkState.Stored)
            {
                yield return run.Entry.Id;
            }
        }
    }
}
