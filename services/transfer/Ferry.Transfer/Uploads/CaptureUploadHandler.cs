using Ferry.Contracts.Capture;
using Ferry.Contracts.Transfer;
using Ferry.Hosting.Jobs;

namespace Ferry.Transfer.Uploads;

/// <summary>The job that captures an uploaded machine. Its result names the manifests, which keeps them until the conversion is cleaned up, also when the upload is acknowledged meanwhile.</summary>
public sealed class CaptureUploadHandler(UploadCapturer capturer) : IJobHandler<CaptureUpload>
{
    /// <summary>Name of the step: the conversion's own.</summary>
    public const string Step = "capture";

    /// <inheritdoc/>
    public async Task<object> RunAsync(JobContext<CaptureUpload> job, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(job);
        var (uploaded, disks, bytes) = await capturer.CaptureAsync(job.Command.UploadId, cancellationToken);
        return new MachineCaptured
        {
            ConversionId = job.ConversionId,
            Attempt = job.Command.Attempt,
            Epoch = job.Epoch,
            Machine = uploaded.Machine,
            Disks = disks,
            Findings = uploaded.Findings,
            Bytes = bytes,
        };
    }
}
