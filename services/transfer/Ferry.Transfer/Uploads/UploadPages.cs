using System.Collections.Concurrent;
using Ferry.Chunks;
using Ferry.Chunks.Manifests;
using Ferry.Chunks.Store;
using Ferry.Hosting.Documents;

namespace Ferry.Transfer.Uploads;

/// <summary>
/// The pages of entries of uploads. They are chunks of the store, so what is kept of them in memory can never be out of date; which page a file has is always asked of the
/// documents. Safe for concurrent use.
/// </summary>
public sealed class UploadPages(IDocumentStore documents, IChunkStore chunks)
{
    private const int MostKept = 8;
    private const int QueryPage = 200;
    private readonly ConcurrentQueue<ChunkId> kept = new();
    private readonly ConcurrentDictionary<ChunkId, ManifestEntry[]> entries = new();

    /// <summary>The documents.</summary>
    public IDocumentCollection<UploadPageDocument> Documents { get; } = documents.Collection<UploadPageDocument>(UploadPageDocument.Collection);

    /// <summary>One page's document, or null.</summary>
    internal ValueTask<UploadPageDocument?> FindAsync(UploadFile file, int page, CancellationToken cancellationToken) =>
        Documents.GetAsync(UploadPageDocument.IdOf(file.Job.Id, file.Index, page), cancellationToken);

    /// <summary>Some documents of a file, in order.</summary>
    internal async Task<IReadOnlyList<UploadPageDocument>> ListAsync(string job, int file, int from, int limit, CancellationToken cancellationToken) => await Documents.QueryAsync(
        DocumentQuery.Where("jobId", job).And("file", file).And("page", Comparison.GreaterOrEqual, from).OrderBy("page").Limit(limit), cancellationToken);

    /// <summary>All documents of a file, in order.</summary>
    internal async IAsyncEnumerable<UploadPageDocument> AllAsync(string job, int file, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var from = 0; ;)
        {
            var some = await ListAsync(job, file, from, QueryPage, cancellationToken);
            foreach (var page in some)
            {
                yield return page;
            }

            if (some.Count < QueryPage)
            {
                yield break;
            }

            from = some[^1].Page + 1;
        }
    }

    /// <summary>Keeps which page a file has; the last one counts.</summary>
    internal async Task KeepAsync(UploadPageDocument page, CancellationToken cancellationToken)
    {
        while (!await Documents.TryInsertAsync(page, cancellationToken))
        {
            if (await Documents.GetAsync(page.Id, cancellationToken) is { } there)
            {
                page.Version = there.Version;
                if (await Documents.TryReplaceAsync(page, cancellationToken))
                {
                    return;
                }
            }
        }
    }

    /// <summary>Forgets the pages of a job.</summary>
    public async Task ForgetAsync(string job, CancellationToken cancellationToken) => await Documents.DeleteManyAsync(DocumentQuery.Where("jobId", job), cancellationToken);

    /// <summary>The entries of a page.</summary>
    /// <exception cref="ChunkStoreException">It is lost or damaged.</exception>
    public async ValueTask<ManifestEntry[]> ReadAsync(ChunkId page, CancellationToken cancellationToken)
    {
        if (entries.TryGetValue(page, out var found))
        {
            return found;
        }

        var read = ManifestPageCodec.Read((await ReadBytesAsync(page, cancellationToken)).Span);
        if (entries.TryAdd(page, read))
        {
            kept.Enqueue(page);
            while (kept.Count > MostKept && kept.TryDequeue(out var oldest))
            {
                entries.TryRemove(oldest, out _);
            }
        }

        return read;
    }

    /// <summary>A page as it was sent.</summary>
    /// <exception cref="ChunkStoreException">It is lost or damaged.</exception>
    public async ValueTask<ReadOnlyMemory<byte>> ReadBytesAsync(ChunkId page, CancellationToken cancellationToken)
    {
        var bytes = new byte[ManifestPageCodec.MaxSize];
        return bytes.AsMemory(0, await chunks.ReadAsync(page, bytes, cancellationToken));
    }
}
