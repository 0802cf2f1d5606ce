using Ferry.Contracts.Jobs;
using MassTransit;

namespace Ferry.Orchestrator.Conversions;

/// <summary>Takes progress off the bus.</summary>
public sealed class StepProgressedConsumer(ConversionProgress progress) : IConsumer<StepProgressed>
{
    /// <inheritdoc/>
    public Task Consume(ConsumeContext<StepProgressed> context) => progress.RecordAsync(context.Message, context.CancellationToken);
}
