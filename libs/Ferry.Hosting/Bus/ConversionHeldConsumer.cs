using Ferry.Contracts.Jobs;
using Ferry.Hosting.Jobs;
using MassTransit;

namespace Ferry.Hosting.Bus;

/// <summary>Suspends the jobs of a paused conversion, or lets them go on; one endpoint per service.</summary>
internal sealed class ConversionHeldConsumer(IJobQueue jobs) : IConsumer<ConversionHeld>
{
    /// <summary>Name of the endpoint.</summary>
    public static string Endpoint(string service) => $"{service}-conversion-held";

    /// <inheritdoc/>
    public Task Consume(ConsumeContext<ConversionHeld> context) =>
        jobs.HoldAsync(context.Message.ConversionId, context.Message.Revision, context.Message.Held, context.CancellationToken);
}
