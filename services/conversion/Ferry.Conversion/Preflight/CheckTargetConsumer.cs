using Ferry.Contracts.Conversion;
using Ferry.Hosting.Jobs;
using MassTransit;

namespace Ferry.Conversion.Preflight;

/// <summary>Makes a leased job of the command.</summary>
public sealed class CheckTargetConsumer([FromKeyedServices("conversion")] IJobQueue jobs) : IConsumer<CheckTarget>
{
    /// <inheritdoc/>
    public Task Consume(ConsumeContext<CheckTarget> context)
    {
        var command = context.Message;
        return jobs.SubmitAsync(new JobKey(command.ConversionId, "preflight", command.Attempt), command, context.CancellationToken);
    }
}
