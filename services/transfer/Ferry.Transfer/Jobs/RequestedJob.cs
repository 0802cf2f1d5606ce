using System.Text.Json;
using Ferry.Chunks.Manifests;
using Ferry.Contracts.Transfer;
using Ferry.Hosting.Documents;
using Ferry.Transfer.Sources;
using Ferry.Transfer.Uploads;

namespace Ferry.Transfer.Jobs;

/// <summary>The job that a request asks for.</summary>
internal static class RequestedJob
{
    /// <summary>The job at its beginning.</summary>
    public static TransferJobDocument Of(TransferJobRequest request, DateTimeOffset now) => new()
    {
        Id = TransferJobDocument.IdOf(request.Id),
        Name = request.Name,
        Owner = request.Owner,
        Type = request.Type,
        Priority = request.Priority,
        State = request.Suspended ? TransferJobState.Suspended : TransferJobState.Queued,
        Credential = request.Credential,
        Link = request.Link,
        UploadedMachine = request.Machine,
        MinimumRetrySeconds = request.MinimumRetrySeconds,
        NoProgressSeconds = request.NoProgressSeconds,
        Files = [.. request.Files.Select(file => FileOf(request, file))],
        WaitingFor = request is { Type: TransferJobType.Upload, Suspended: false } ? UploadJobs.Client(now) : null,
        Counters = new TransferCounters { FilesTotal = request.Files.Count, BytesTotal = request.Files.Sum(file => file.Size ?? 0) },
        UnfinishedCall = true,
        CreatedAt = now,
    };

    /// <summary>Whether the same was asked for.</summary>
    public static bool IsSame(TransferJobDocument left, TransferJobDocument right) =>
        left.Name == right.Name && left.Type == right.Type && left.Owner == right.Owner && left.ConversionId is null && left.Credential == right.Credential && left.Link == right.Link
        && IsSameMachine(left.UploadedMachine, right.UploadedMachine)
        && left.Files.Count == right.Files.Count
        && left.Files.Zip(right.Files).All(pair => pair.First.Source == pair.Second.Source && pair.First.Destination == pair.Second.Destination && IsSameUpload(pair.First, pair.Second)
            && (pair.Second.Manifest is null || pair.First.Manifest == pair.Second.Manifest));

    // What the client found in passing may be something else the next time.
    private static bool IsSameMachine(UploadMachine? left, UploadMachine? right) =>
        JsonSerializer.Serialize(left?.Machine, DocumentJson.Options) == JsonSerializer.Serialize(right?.Machine, DocumentJson.Options);

    private static bool IsSameUpload(TransferFile left, TransferFile right) =>
        left.Upload is null ? right.Upload is null
        : right.Upload is not null && left.Shown == right.Shown && left.Size == right.Size && left.Upload.ChunkSize == right.Upload.ChunkSize
            && left.Upload.LogicalSectorSize == right.Upload.LogicalSectorSize;

    private static TransferFile FileOf(TransferJobRequest request, TransferFileRequest file) => request.Type is TransferJobType.Upload
        ? new TransferFile
        {
            Shown = file.Name!,
            Size = file.Size,
            BytesTotal = file.Size,
            Upload = new UploadFileCounts { ChunkSize = file.ChunkSize ?? ManifestHeader.DefaultChunkSize, LogicalSectorSize = file.LogicalSectorSize ?? 512 },
        }
        : new TransferFile
        {
            Source = file.Source,
            Manifest = file.Manifest,
            Destination = file.Destination,
            Shown = file.Source is { } source ? SourceUrl.Show(new Uri(source)) : "",
        };
}
