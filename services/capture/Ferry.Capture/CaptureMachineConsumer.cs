using Ferry.Contracts.Capture;
using Ferry.Hosting.Jobs;
using MassTransit;

namespace Ferry.Capture;

/// <summary>Makes a job of the command.</summary>
public sealed class CaptureMachineConsumer([FromKeyedServices(CaptureExtensions.Service)] IJobQueue jobs) : IConsumer<CaptureMachine>
{
    /// <inheritdoc/>
    public Task Consume(ConsumeContext<CaptureMachine> context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var command = context.Message;
        return jobs.SubmitAsync(new JobKey(command.ConversionId, CaptureExtensions.Step, command.Attempt), command, context.CancellationToken);
    }
}
