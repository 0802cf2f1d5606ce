using Ferry.Contracts.Fixup;
using Ferry.Hosting.Jobs;
using MassTransit;

namespace Ferry.Fixup.Rehearsal.FirstBoot;

/// <summary>Takes the command to run a guest's first boot: makes it a job.</summary>
public sealed class RunFirstBootConsumer([FromKeyedServices("fixup")] IJobQueue jobs) : IConsumer<RunFirstBoot>
{
    /// <inheritdoc/>
    public Task Consume(ConsumeContext<RunFirstBoot> context) =>
        jobs.SubmitAsync(new JobKey(context.Message.ConversionId, RunFirstBootHandler.Step, context.Message.Attempt), context.Message, context.CancellationToken);
}
