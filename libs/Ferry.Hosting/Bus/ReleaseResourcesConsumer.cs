using Ferry.Contracts.Cleanup;
using Ferry.Hosting.Jobs;
using MassTransit;

namespace Ferry.Hosting.Bus;

/// <summary>Makes a job of a published request to release a conversion's resources; one endpoint per service.</summary>
internal sealed class ReleaseResourcesConsumer(string service, IJobQueue jobs) : IConsumer<ReleaseResources>
{
    /// <summary>Name of the endpoint.</summary>
    public static string Endpoint(string service) => $"{service}-release-resources";

    /// <inheritdoc/>
    public Task Consume(ConsumeContext<ReleaseResources> context) => jobs.SubmitAsync(
        new JobKey(context.Message.ConversionId, ServiceJobs.ReleaseKind(service), context.Message.Attempt),
        context.Message,
        priority: 0,
        context.CancellationToken);
}
