using Ferry.Contracts.Transfer;
using Ferry.Hosting.Jobs;
using Ferry.Transfer.Uploads;
using MassTransit;

namespace Ferry.Transfer;

/// <summary>Makes a job of the command.</summary>
public sealed class CaptureUploadConsumer([FromKeyedServices("transfer")] IJobQueue jobs) : IConsumer<CaptureUpload>
{
    /// <inheritdoc/>
    public Task Consume(ConsumeContext<CaptureUpload> context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var command = context.Message;
        return jobs.SubmitAsync(new JobKey(command.ConversionId, CaptureUploadHandler.Step, command.Attempt), command, context.CancellationToken);
    }
}
