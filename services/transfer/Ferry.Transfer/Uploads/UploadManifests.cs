using Ferry.Chunks;
using Ferry.Chunks.Store;
using Ferry.Hosting.Documents;
using Ferry.Hosting.Live;
using Ferry.Transfer.Jobs;

namespace Ferry.Transfer.Uploads;

/// <summary>
/// Keeps what running uploads have brought, or were told that the store has, from garbage collection: none of it stands in a manifest yet, so every chunk is asked for, which protects
/// it for the grace period. What a complete file needs is named by <see cref="TransferManifests"/>.
/// </summary>
public sealed class UploadManifests(TransferJobStore store, UploadPages pages, IChunkStore chunks, ILogger<UploadManifests> logger) : ILiveManifests
{
    private const int Page = 200;

    /// <inheritdoc/>
    public async Task<IReadOnlyCollection<string>> ListAsync(CancellationToken cancellationToken)
    {
        var after = "";
        while (true)
        {
            var found = await pages.Documents.QueryAsync(DocumentQuery.Where("id", Comparison.Greater, after).OrderBy("id").Limit(Page), cancellationToken);
            foreach (var ofJob in found.GroupBy(page => page.JobId))
            {
                var job = await store.Documents.GetAsync(ofJob.Key, cancellationToken);
                foreach (var page in ofJob.Where(page => job is not null && !TransferTransitions.IsFinal(job.State) && !job.Files[page.File].Done))
                {
                    await KeepAsync(page, cancellationToken);
                }
            }

            if (found.Count < Page)
            {
                return [];
            }

            after = found[^1].Id;
        }
    }

    private async Task KeepAsync(UploadPageDocument page, CancellationToken cancellationToken)
    {
        var id = ChunkId.Parse(page.PageId);
        await chunks.ContainsAsync(id, cancellationToken);
        try
        {
            await ChunkPresence.FindMissingAsync(chunks, await pages.ReadAsync(id, cancellationToken), cancellationToken);
        }
        catch (ChunkStoreException exception) when (exception.Code is ChunkStoreErrors.Missing or ChunkStoreErrors.Corrupt or ChunkStoreErrors.BadManifest)
        {
            // Its client is told that the page is unknown, and sends it again with what it needs.
            Log.PageLost(logger, exception, page.JobId, page.File, page.Page);
        }
    }
}
