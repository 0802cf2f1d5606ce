using Ferry.Contracts.Jobs;
using Ferry.Hosting.Jobs;
using MassTransit;

namespace Ferry.Hosting.Bus;

/// <summary>Lets the workers of this process look at once at what a conversion's jobs should do; every process has a temporary queue for it.</summary>
internal sealed class JobsNudgedConsumer(JobSignals signals) : IConsumer<JobsNudged>
{
    /// <inheritdoc/>
    public Task Consume(ConsumeContext<JobsNudged> context)
    {
        signals.Nudge(context.Message.ConversionId);
        return Task.CompletedTask;
    }
}
