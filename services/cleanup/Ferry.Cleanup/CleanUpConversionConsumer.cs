using Ferry.Contracts.Cleanup;
using MassTransit;

namespace Ferry.Cleanup;

/// <summary>Takes the command to clean up a conversion.</summary>
public sealed class CleanUpConversionConsumer(CleanUp cleanUp) : IConsumer<CleanUpConversion>
{
    /// <inheritdoc/>
    public Task Consume(ConsumeContext<CleanUpConversion> context) => cleanUp.BeginAsync(context.Message, context.CancellationToken);
}
