using Ferry.Chunks.Manifests;
using Ferry.Chunks.Store;
using Ferry.Contracts.Transfer;
using Ferry.Transfer.Jobs;

namespace Ferry.Transfer.Uploads;

/// <summary>Makes the manifest of a file whose chunks are all there. Safe for concurrent use, also by several processes: every time it comes to the same root.</summary>
public sealed class UploadCompletion(UploadPages pages, UploadNegotiation negotiation, UploadJobs jobs, UploadSessions sessions, TransferJobStore store, ManifestStore manifests, TimeProvider time)
{
    private const int MostNamed = 1000;

    /// <summary>Completes a file; a job whose files are all complete is Transferred.</summary>
    /// <returns>The job as it is then, or what is missing.</returns>
    /// <exception cref="UploadRefusedException">The store takes nothing now.</exception>
    internal async Task<(TransferJobDocument? Job, UploadIncomplete? Incomplete)> CompleteAsync(UploadFile file, CancellationToken cancellationToken)
    {
        if (file.Done)
        {
            return (file.Job, null);
        }

        try
        {
            using var writer = manifests.CreateWriter(file.Size, file.ChunkSize, file.LogicalSectorSize, origin: null);
            if (await WriteAsync(file, writer, cancellationToken) is { } incomplete)
            {
                return (null, incomplete);
            }

            var root = await writer.CompleteAsync(cancellationToken);
            var digest = await ManifestDigest.ComputeAsync(await manifests.OpenAsync(root, cancellationToken), cancellationToken);
            await sessions.WriteAsync(file.Job.Id, cancellationToken);
            return (await DoneAsync(file, root.ToString(), digest, cancellationToken), null);
        }
        catch (ChunkStoreException exception) when (exception.Code == ChunkStoreErrors.Full)
        {
            throw await jobs.FullAsync(file.Job, exception, cancellationToken);
        }
    }

    private async Task<UploadIncomplete?> WriteAsync(UploadFile file, ManifestWriter writer, CancellationToken cancellationToken)
    {
        var unknown = new List<int>();
        var lacking = new List<int>();
        var missing = 0L;
        var next = 0;
        await foreach (var page in pages.AllAsync(file.Job.Id, file.Index, cancellationToken))
        {
            unknown.AddRange(Enumerable.Range(next, page.Page - next).Take(MostNamed - unknown.Count));
            next = page.Page + 1;
            var entries = await negotiation.ReadAsync(file, page, cancellationToken);
            var lacks = (await ChunkPresence.FindMissingAsync(manifests.Chunks, entries, cancellationToken)).Count;
            missing += lacks;
            if (lacks > 0 && lacking.Count < MostNamed)
            {
                lacking.Add(page.Page);
            }

            foreach (var entry in unknown.Count == 0 && missing == 0 ? entries : [])
            {
                await writer.AppendAsync(entry, cancellationToken);
            }
        }

        unknown.AddRange(Enumerable.Range(next, file.Pages - next).Take(MostNamed - unknown.Count));
        return unknown.Count == 0 && missing == 0 ? null : new UploadIncomplete { UnknownPages = unknown, PagesWithMissing = lacking, MissingChunks = missing };
    }

    private async Task<TransferJobDocument?> DoneAsync(UploadFile file, string root, string digest, CancellationToken cancellationToken)
    {
        await jobs.GoOnAsync(file.Job, cancellationToken);
        var now = await store.NowAsync(cancellationToken);
        return await store.ChangeAsync(
            file.Job.Id,
            current =>
            {
                var done = current.Files[file.Index];
                if (done.Done || current.State is not TransferJobState.Transferring)
                {
                    return false; // Another request has done it, or its owner was faster.
                }

                (done.Done, done.Result, done.Digest) = (true, root, digest);

                // What is not counted came through a process that died, or by another upload.
                done.Upload!.DeduplicatedBytes = Math.Max(0, file.Size - done.Upload.ZeroBytes - done.Upload.StoredBytes);
                UploadCounting.Progress(current, now);
                UploadCounting.Apply(current);
                if (current.Files.TrueForAll(other => other.Done))
                {
                    current.Move(TransferTrigger.Complete, time.GetUtcNow());
                }

                return true;
            },
            cancellationToken);
    }
}
