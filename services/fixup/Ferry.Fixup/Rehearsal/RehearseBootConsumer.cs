using Ferry.Contracts.Fixup;
using Ferry.Hosting.Jobs;
using MassTransit;

namespace Ferry.Fixup.Rehearsal;

/// <summary>Takes the command to rehearse a boot: makes it a job.</summary>
public sealed class RehearseBootConsumer([FromKeyedServices("fixup")] IJobQueue jobs) : IConsumer<RehearseBoot>
{
    /// <inheritdoc/>
    public Task Consume(ConsumeContext<RehearseBoot> context) =>
        jobs.SubmitAsync(new JobKey(context.Message.ConversionId, RehearseBootHandler.Step, context.Message.Attempt), context.Message, context.CancellationToken);
}
