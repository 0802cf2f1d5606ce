using Ferry.Contracts.Conversion;
using Ferry.Hosting.Jobs;
using MassTransit;

namespace Ferry.Conversion.Publishing;

/// <summary>Makes a leased job of the command.</summary>
public sealed class PublishMachineConsumer([FromKeyedServices("conversion")] IJobQueue jobs) : IConsumer<PublishMachine>
{
    /// <inheritdoc/>
    public Task Consume(ConsumeContext<PublishMachine> context)
    {
        var command = context.Message;
        return jobs.SubmitAsync(new JobKey(command.ConversionId, "publish", command.Attempt), command, context.CancellationToken);
    }
}
