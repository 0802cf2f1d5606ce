using Ferry.Contracts.Fixup;
using Ferry.Hosting.Jobs;
using MassTransit;

namespace Ferry.Fixup;

/// <summary>Takes the command to fix up a guest: makes it a job.</summary>
public sealed class FixUpGuestConsumer([FromKeyedServices("fixup")] IJobQueue jobs) : IConsumer<FixUpGuest>
{
    /// <inheritdoc/>
    public Task Consume(ConsumeContext<FixUpGuest> context) =>
        jobs.SubmitAsync(new JobKey(context.Message.ConversionId, "fixup", context.Message.Attempt), context.Message, context.CancellationToken);
}
