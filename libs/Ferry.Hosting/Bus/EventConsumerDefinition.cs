using MassTransit;

namespace Ferry.Hosting.Bus;

/// <summary>
/// Base of the definition of a consumer of events. Its queue begins with the service, so that every service that listens gets its own copy:
/// <c>orchestrator-step-progressed</c> for <c>StepProgressedConsumer</c> of the orchestrator.
/// </summary>
public abstract class EventConsumerDefinition<TConsumer> : ConsumerDefinition<TConsumer> where TConsumer : class, IConsumer
{
    /// <summary>Sets the queue's name and the concurrency.</summary>
    /// <param name="service">Name of the service.</param>
    protected EventConsumerDefinition(string service)
    {
        EndpointName = $"{service}-{KebabCaseEndpointNameFormatter.Instance.Consumer<TConsumer>()}";
        ConcurrentMessageLimit = 8;
    }

    /// <inheritdoc/>
    protected override void ConfigureConsumer(
        IReceiveEndpointConfigurator endpointConfigurator, IConsumerConfigurator<TConsumer> consumerConfigurator, IRegistrationContext context)
    {
        ArgumentNullException.ThrowIfNull(endpointConfigurator);
        EndpointSettings.Apply(endpointConfigurator, prefetch: 16, context);
    }
}
