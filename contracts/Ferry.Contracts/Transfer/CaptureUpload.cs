namespace Ferry.Contracts.Transfer;

/// <summary>Command to capture a machine whose disks a client has sent: the upload's manifests are the machine's. Answered like a capture of any other source, with <c>MachineCaptured</c>.</summary>
public sealed record CaptureUpload
{
    /// <summary>Id of the conversion.</summary>
    public required Guid ConversionId { get; init; }

    /// <summary>Attempt of the step, from 1.</summary>
    public required int Attempt { get; init; }

    /// <summary>Id of the upload, a transfer job.</summary>
    public required Guid UploadId { get; init; }
}
