using Ferry.Chunks;
using Ferry.Chunks.Manifests;
using Ferry.Chunks.Store;
using Ferry.Contracts.Transfer;
using Ferry.Transfer.Jobs;

namespace Ferry.Transfer.Uploads;

/// <summary>A client says what a page of its disk holds, and hears which chunks the store lacks. Safe for concurrent use, also by several processes.</summary>
public sealed class UploadNegotiation(UploadJobs jobs, UploadPages pages, TransferJobStore store, IChunkStore chunks, ILogger<UploadNegotiation> logger)
{
    /// <summary>Most pages in one answer.</summary>
    public const int MostListed = 1000;

    /// <summary>Keeps a page and says what is missing.</summary>
    /// <returns>One bit for each entry, the lowest first: 1 for a chunk that is to be sent. A chunk that stands in the page more than once is asked for once.</returns>
    /// <exception cref="UploadRefusedException">It is no page of the file, or the upload takes nothing now.</exception>
    internal async Task<byte[]> PutAsync(UploadFile file, int page, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        file.CheckPage(page);
        var entries = Read(file, page, body.Span);
        try
        {
            var (id, _) = await chunks.PutAsync(body, cancellationToken);
            var (missing, document) = await LookAsync(file, page, id, entries, cancellationToken);
            await chunks.FlushAsync(cancellationToken);
            if (await pages.FindAsync(file, page, cancellationToken) is { } there && there.PageId == document.PageId)
            {
                // What was there when it came first is what the client was spared.
                document.DeduplicatedBytes = there.DeduplicatedBytes;
            }

            await pages.KeepAsync(document, cancellationToken);
            await CountAsync(file, cancellationToken);
            await jobs.GoOnAsync(file.Job, cancellationToken);
            return missing;
        }
        catch (ChunkStoreException exception) when (exception.Code == ChunkStoreErrors.Full)
        {
            throw await jobs.FullAsync(file.Job, exception, cancellationToken);
        }
    }

    /// <summary>Says what of a known page is missing now.</summary>
    /// <exception cref="UploadRefusedException">The page is not known.</exception>
    internal async Task<byte[]> MissingAsync(UploadFile file, int page, CancellationToken cancellationToken)
    {
        var document = await FindAsync(file, page, cancellationToken);
        var entries = await ReadAsync(file, document, cancellationToken);
        var (missing, now) = await LookAsync(file, page, ChunkId.Parse(document.PageId), entries, cancellationToken);
        if (document.Missing != now.Missing)
        {
            document.Missing = now.Missing;
            await pages.Documents.TryReplaceAsync(document, cancellationToken);
        }

        return missing;
    }

    /// <summary>A known page as it was sent.</summary>
    /// <exception cref="UploadRefusedException">The page is not known.</exception>
    internal async Task<ReadOnlyMemory<byte>> PageAsync(UploadFile file, int page, CancellationToken cancellationToken)
    {
        var document = await FindAsync(file, page, cancellationToken);
        try
        {
            return await pages.ReadBytesAsync(ChunkId.Parse(document.PageId), cancellationToken);
        }
        catch (ChunkStoreException exception) when (IsLost(exception))
        {
            throw await ForgetAsync(file, document, exception, cancellationToken);
        }
    }

    /// <summary>The known pages from one on.</summary>
    internal async Task<UploadPageList> ListAsync(UploadFile file, int from, CancellationToken cancellationToken)
    {
        var known = await pages.ListAsync(file.Job.Id, file.Index, Math.Max(0, from), MostListed, cancellationToken);
        return new UploadPageList
        {
            Total = file.Pages,
            Pages = [.. known.Select(page => new UploadPage { Page = page.Page, Id = page.PageId, Missing = page.Missing })],
            Next = known.Count == MostListed ? known[^1].Page + 1 : null,
        };
    }

    /// <summary>The entry that a known page has for a chunk.</summary>
    /// <exception cref="UploadRefusedException">The page is not known.</exception>
    internal async Task<ManifestEntry> EntryAsync(UploadFile file, long chunk, CancellationToken cancellationToken)
    {
        var page = (int)(chunk / ManifestHeader.EntriesPerPage);
        var entries = await ReadAsync(file, await FindAsync(file, page, cancellationToken), cancellationToken);
        return entries[(int)(chunk % ManifestHeader.EntriesPerPage)];
    }

    /// <summary>The entries of a known page.</summary>
    /// <exception cref="UploadRefusedException">The page is lost.</exception>
    internal async Task<ManifestEntry[]> ReadAsync(UploadFile file, UploadPageDocument document, CancellationToken cancellationToken)
    {
        try
        {
            return await pages.ReadAsync(ChunkId.Parse(document.PageId), cancellationToken);
        }
        catch (ChunkStoreException exception) when (IsLost(exception))
        {
            throw await ForgetAsync(file, document, exception, cancellationToken);
        }
    }

    private static bool IsLost(ChunkStoreException exception) => exception.Code is ChunkStoreErrors.Missing or ChunkStoreErrors.Corrupt or ChunkStoreErrors.BadManifest;

    private async Task<UploadPageDocument> FindAsync(UploadFile file, int page, CancellationToken cancellationToken) =>
        await pages.FindAsync(file, file.CheckPage(page), cancellationToken) ?? throw Unknown(page, null);

    private async Task<UploadRefusedException> ForgetAsync(UploadFile file, UploadPageDocument document, ChunkStoreException exception, CancellationToken cancellationToken)
    {
        Log.PageLost(logger, exception, file.Job.Id, file.Index, document.Page);
        await pages.Documents.DeleteAsync(document.Id, cancellationToken);
        return Unknown(document.Page, exception);
    }

    private static UploadRefusedException Unknown(int page, Exception? inner) =>
        new(StatusCodes.Status404NotFound, TransferErrors.UploadPageUnknown, $"Page {page} of the file is not known; send it.", inner: inner);

    private static ManifestEntry[] Read(UploadFile file, int page, ReadOnlySpan<byte> body)
    {
        try
        {
            var entries = ManifestPageCodec.Read(body);
            return entries.Length != file.EntriesOf(page) ? throw Invalid($"Page {page} of the file has {file.EntriesOf(page)} entries, not {entries.Length}.", null)
                : Array.Exists(entries, entry => entry.State.IsAtOrigin()) ? throw Invalid("An entry of a page that is sent is zero, unused or has a chunk's id.", null)
                : entries;
        }
        catch (ChunkStoreException exception)
        {
            throw Invalid("The body is no page of manifest entries (docs/formats/manifest.md).", exception);
        }
    }

    private static UploadRefusedException Invalid(string detail, Exception? inner) =>
        new(StatusCodes.Status400BadRequest, TransferErrors.UploadPageInvalid, detail, inner: inner);

    // Asking the store also keeps the chunks from garbage collection.
    private async Task<(byte[] Missing, UploadPageDocument Document)> LookAsync(
        UploadFile file, int page, ChunkId id, ManifestEntry[] entries, CancellationToken cancellationToken)
    {
        var missing = new byte[(entries.Length + 7) / 8];
        var document = new UploadPageDocument
        {
            Id = UploadPageDocument.IdOf(file.Job.Id, file.Index, page), JobId = file.Job.Id, File = file.Index, Page = page, PageId = id.ToString(),
        };
        var lacking = (await ChunkPresence.FindMissingAsync(chunks, entries, cancellationToken)).ToHashSet();
        for (var i = 0; i < entries.Length; i++)
        {
            var length = file.LengthOf(((long)page * ManifestHeader.EntriesPerPage) + i);
            if (entries[i].State.ReadsAsZero())
            {
                document.ZeroBytes += length;
            }
            else if (!lacking.Remove(entries[i].Id))
            {
                document.DeduplicatedBytes += length; // There, or asked for already.
            }
            else
            {
                missing[i / 8] |= (byte)(1 << (i % 8));
                document.Missing++;
            }
        }

        return (missing, document);
    }

    private async Task CountAsync(UploadFile file, CancellationToken cancellationToken)
    {
        var (zero, deduplicated) = (0L, 0L);
        await foreach (var page in pages.AllAsync(file.Job.Id, file.Index, cancellationToken))
        {
            (zero, deduplicated) = (zero + page.ZeroBytes, deduplicated + page.DeduplicatedBytes);
        }

        var now = await store.NowAsync(cancellationToken);
        await store.ChangeAsync(
            file.Job.Id,
            current =>
            {
                var counts = current.Files[file.Index].Upload!;
                if (current.Files[file.Index].Done)
                {
                    return false;
                }

                (counts.ZeroBytes, counts.DeduplicatedBytes) = (zero, deduplicated);
                UploadCounting.Progress(current, now);
                UploadCounting.Apply(current);
                return true;
            },
            cancellationToken);
    }
}
