using Ferry.Capture.Sources;
using Ferry.Chunks.Store;
using Ferry.Contracts;
using Ferry.Contracts.Capture;
using Ferry.Hosting.Jobs;

namespace Ferry.Capture;

/// <summary>The job of capture.</summary>
public sealed class CaptureMachineHandler(SourceCapturer capturer) : IJobHandler<CaptureMachine>
{
    /// <summary>Fault point: the source is captured, the event is not returned.</summary>
    public const string CapturedFaultPoint = "capture.captured";

    /// <inheritdoc/>
    public async Task<object> RunAsync(JobContext<CaptureMachine> job, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(job);
        try
        {
            var captured = await capturer.CaptureAsync(job.Command.Source, job.Command.SourceFormat, job.Command.AllBlocks, job.Report, cancellationToken);
            job.FaultPoint(CapturedFaultPoint);
            return new MachineCaptured
            {
                ConversionId = job.ConversionId,
                Attempt = job.Command.Attempt,
                Epoch = job.Epoch,
                Machine = captured.Machine,
                Disks = captured.Disks,
                Findings = captured.Findings,
                Bytes = captured.Bytes,
            };
        }
        catch (SourceException e)
        {
            throw new JobFailedException(e.Failure, e);
        }
        catch (ChunkStoreException e)
        {
            throw new JobFailedException(
                new Failure
                {
                    Code = e.Code,
                    Message = e.Message,
                    Where = e.Place ?? "",
                    Remedy = "Check the chunk store's disk: its space, permissions and health.",
                    Retryable = e.Code is ChunkStoreErrors.Full or ChunkStoreErrors.InputOutput,
                },
                e)
            {
                WaitReason = e.Code is ChunkStoreErrors.Full ? "space" : null,
            };
        }
    }
}
