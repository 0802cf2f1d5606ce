using Ferry.Contracts.Library;
using Ferry.Hosting.Jobs;
using MassTransit;

namespace Ferry.Capture;

/// <summary>Makes a job of the command.</summary>
public sealed class ListSourceFilesConsumer([FromKeyedServices(CaptureExtensions.Service)] IJobQueue jobs) : IConsumer<ListSourceFiles>
{
    /// <inheritdoc/>
    public Task Consume(ConsumeContext<ListSourceFiles> context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var command = context.Message;
        return jobs.SubmitAsync(new JobKey(command.RequestId, CaptureExtensions.ListStep, command.Attempt), command, context.CancellationToken);
    }
}
