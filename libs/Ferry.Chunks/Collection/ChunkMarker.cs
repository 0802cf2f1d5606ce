using Ferry.Chunks.Manifests;

namespace Ferry.Chunks.Collection;

/// <summary>The mark of mark and sweep: walks from root ids over the pages to the chunks. A page that several manifests share is walked once.</summary>
public sealed class ChunkMarker(ManifestStore manifests)
{
    private readonly LiveChunks live = new();
    private readonly HashSet<ChunkId> roots = [];
    private readonly Dictionary<ChunkId, long> pages = [];
    private long referenced;

    /// <summary>What is marked so far.</summary>
    public MarkedChunks Marked => new(live, roots.Count, referenced);

    /// <summary>Marks what a manifest needs; the same root again does nothing. The id of an entry whose bytes are at the origin needs nothing.</summary>
    /// <exception cref="Store.ChunkStoreException">The root or a page is missing or damaged: what it needs is not known, so nothing may be swept.</exception>
    public async ValueTask MarkAsync(ChunkId root, CancellationToken cancellationToken = default)
    {
        if (roots.Contains(root))
        {
            return;
        }

        ManifestReader manifest = await manifests.OpenAsync(root, cancellationToken);
        live.Add(root);
        for (int page = 0; page < manifest.Header.Pages.Count; page++)
        {
            ChunkId id = manifest.Header.Pages[page];
            if (!pages.TryGetValue(id, out long bytes))
            {
                bytes = await MarkPageAsync(manifest, page, cancellationToken);
                live.Add(id);
                pages[id] = bytes;
            }

            referenced += bytes;
        }

        roots.Add(root);
    }

    private async ValueTask<long> MarkPageAsync(ManifestReader manifest, int page, CancellationToken cancellationToken)
    {
        long first = (long)page * ManifestHeader.EntriesPerPage;
        long count = Math.Min(ManifestHeader.EntriesPerPage, manifest.Header.ChunkCount - first);
        long bytes = 0;
        await foreach (ManifestRun run in manifest.ReadRunsAsync(first, count, cancellationToken))
        {
            if (run.Entry.State == ChunkState.Stored)
            {
                live.Add(run.Entry.Id);
                bytes += ((run.Count - 1) * manifest.Header.ChunkSize) + manifest.Header.LengthOf(run.First + run.Count - 1);
            }
        }

        return bytes;
    }
}
