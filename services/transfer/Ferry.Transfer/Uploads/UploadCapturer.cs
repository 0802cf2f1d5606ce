using Ferry.Chunks;
using Ferry.Chunks.Manifests;
using Ferry.Chunks.Store;
using Ferry.Contracts;
using Ferry.Contracts.Conversions;
using Ferry.Contracts.Machines;
using Ferry.Contracts.Transfer;
using Ferry.Hosting.Documents;
using Ferry.Hosting.Jobs;
using Ferry.Transfer.Jobs;

namespace Ferry.Transfer.Uploads;

/// <summary>Makes a captured machine of an upload that has arrived: nothing is read but its manifests. Safe for concurrent use.</summary>
public sealed class UploadCapturer(TransferJobStore store, ManifestStore manifests)
{
    /// <summary>Captures the machine of an upload.</summary>
    /// <exception cref="JobFailedException">There is none, it has not arrived, or it has no machine.</exception>
    public async Task<(UploadMachine Machine, IReadOnlyList<DiskCapture> Disks, ByteCounts Bytes)> CaptureAsync(Guid upload, CancellationToken cancellationToken)
    {
        var job = await store.Documents.GetAsync(TransferJobDocument.IdOf(upload), cancellationToken);
        if (job is not { Type: TransferJobType.Upload })
        {
            throw Refuse(TransferErrors.Unknown, "There is no upload with that id.", upload, "See ferry transfer list.");
        }

        if (job.UploadedMachine is not { } uploaded)
        {
            throw Refuse(TransferErrors.UploadNoMachine, "The upload has disks, but was made without a machine.", upload, "Capture the machine with ferry-agent capture, which says what machine the disks belong to.");
        }

        if (job.State is not TransferJobState.Transferred)
        {
            throw Refuse(
                TransferErrors.UploadNotThere, $"The upload is {job.State}; a conversion starts from one that is Transferred.", upload,
                TransferTransitions.IsFinal(job.State) ? "Capture the machine again: what is still in the chunk store is not sent again." : "Wait for its end, then retry the conversion.");
        }

        try
        {
            var disks = new List<DiskCapture>();
            var bytes = new ByteCounts();
            foreach (var (file, i) in job.Files.Select((file, i) => (file, i)))
            {
                var (data, unused) = await CountAsync(ChunkId.Parse(file.Result!), cancellationToken);
                disks.Add(new DiskCapture { Disk = i, Manifest = file.Result!, Capacity = file.Size!.Value, DataBytes = data, UnusedBytes = unused, Remote = false });
                bytes += new ByteCounts { Zero = file.Size.Value - data - unused, Unused = unused };
            }

            return (uploaded, disks, bytes);
        }
        catch (ChunkStoreException exception)
        {
            throw TransferFailures.From(exception, $"upload {upload}");
        }
    }

    private static JobFailedException Refuse(string code, string message, Guid upload, string remedy) =>
        new(new Failure { Code = code, Message = message, Where = $"upload {upload}", Remedy = remedy });

    private async Task<(long Data, long Unused)> CountAsync(ChunkId root, CancellationToken cancellationToken)
    {
        var manifest = await manifests.OpenAsync(root, cancellationToken);
        var (data, unused) = (0L, 0L);
        await foreach (var run in manifest.ReadRunsAsync(cancellationToken))
        {
            var bytes = Math.Min(manifest.Header.Size, run.End * manifest.Header.ChunkSize) - (run.First * manifest.Header.ChunkSize);
            data += run.Entry.State.ReadsAsZero() ? 0 : bytes;
            unused += run.Entry.State == ChunkState.Unused ? bytes : 0;
        }

        return (data, unused);
    }
}
