using Ferry.Chunks;
using Ferry.Chunks.Manifests;
using Ferry.Chunks.Slices;
using Ferry.Contracts;
using Ferry.Contracts.Conversions;
using Ferry.Contracts.Transfer;
using Ferry.Chunks.Store;
using Ferry.Hosting.Jobs;
using Ferry.Transfer.Sources;
using Microsoft.Extensions.Options;

namespace Ferry.Transfer;

/// <summary>
/// manifest with origin entries at a URL -> manifest with stored entries. Every chunk is stored under the SHA-256 of its bytes, which every later read
/// verifies; what the store has already is not stored again, what is proven is not read again.
/// </summary>
public sealed class TransferDiskHandler(
    ManifestStore manifests, IRemoteFiles remote, IOptions<TransferOptions> options, TimeProvider time) : IJobHandler<TransferDisk>
{
    private readonly TransferOptions options = options.Value;

    /// <inheritdoc/>
    public async Task<object> RunAsync(JobContext<TransferDisk> job, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(job);
        var progress = new TransferProgress(job);
        try
        {
            var manifest = await manifests.OpenAsync(ChunkId.Parse(job.Command.Manifest), cancellationToken);
            if (job.Command.KnownManifest is { } known)
            {
                manifest = await KnownChunks.ApplyAsync(manifests, manifest, ChunkId.Parse(known), cancellationToken);
            }

            await FetchAsync(job, manifest, progress, cancellationToken);
            var slices = await job.GetProvenSlicesAsync(cancellationToken);
            var complete = await CompleteAsync(manifest, Proven(slices, manifest), cancellationToken);
            return new DiskTransferred
            {
                ConversionId = job.ConversionId,
                Attempt = job.Command.Attempt,
                Epoch = job.Epoch,
                Disk = job.Command.Disk,
                Manifest = complete.Root.ToString(),
                Digest = await ManifestDigest.ComputeAsync(complete, cancellationToken),
                Bytes = slices.Aggregate(new ByteCounts(), (sum, slice) => sum + slice.Bytes),
            };
        }
        catch (Exception exception) when (TransferFailures.Knows(exception))
        {
            var failed = TransferFailures.From(exception, job.JobId);
            if (failed.Failure.Code == ChunkStoreErrors.Full)
            {
                progress.Wait(new WaitingFor { Reason = "space", Detail = failed.Failure.Remedy, Since = time.GetUtcNow() });
            }

            throw failed;
        }
    }

    private async Task FetchAsync(JobContext<TransferDisk> job, ManifestReader manifest, TransferProgress progress, CancellationToken cancellationToken)
    {
        var slices = await job.GetProvenSlicesAsync(cancellationToken);
        var total = 0L;
        await foreach (var run in manifest.ReadRunsAsync(cancellationToken))
        {
            total += run.Entry.State.IsAtOrigin() ? Math.Min(run.Count * manifest.Header.ChunkSize, manifest.Header.Size - (run.First * manifest.Header.ChunkSize)) : 0;
        }

        progress.Start(slices.Sum(slice => TransferProgress.BytesOf(slice.Bytes)), total);
        if (total == 0)
        {
            return;
        }

        var origin = manifest.Header.Origin!;
        await using var image = await RemoteImage.OpenAsync(manifest.Header, await remote.OpenAsync(origin.Location, cancellationToken), cancellationToken);
        var limits = new SliceLimits { TargetTime = options.SliceTime, MaxWorkChunks = options.MaxSliceChunks, FirstWorkChunks = Math.Min(8, options.MaxSliceChunks) };
        using var queue = new SliceQueue(manifest, entry => entry.State.IsAtOrigin(), Proven(slices, manifest), limits);
        await Connections.RunAsync(
            options.Connections,
            token => new SliceFetcher(job, manifest.Header, manifests.Chunks, image, options, progress, time).RunAsync(queue, token),
            cancellationToken);
        await image.VerifyUnchangedAsync(cancellationToken);
    }

    private async ValueTask<ManifestReader> CompleteAsync(ManifestReader manifest, ProvenEntries proven, CancellationToken cancellationToken)
    {
        var header = manifest.Header;
        using var writer = manifests.CreateWriter(header.Size, header.ChunkSize, header.LogicalSectorSize, origin: null);
        await foreach (var (first, entries) in EntryWindow.OverlaidAsync(manifest, proven, cancellationToken))
        {
            for (var i = 0; i < entries.Length; i++)
            {
                if (entries.Span[i].State.IsAtOrigin())
                {
                    throw new InvalidOperationException($"Chunk {first + i} was not transferred.");
                }

                await writer.AppendAsync(entries.Span[i], cancellationToken);
            }
        }

        return await manifests.OpenAsync(await writer.CompleteAsync(cancellationToken), cancellationToken);
    }

    private static ProvenEntries Proven(IReadOnlyList<SliceDocument> slices, ManifestReader manifest) =>
        new(slices.Select(slice => (slice.First, slice.Count, (ReadOnlyMemory<byte>)slice.Entries)), manifest.Header.ChunkCount);
}
