using MassTransit;

namespace Ferry.Hosting.Sagas;

/// <summary>
/// Base of the definition of a saga's endpoint: many messages at a time, but (by the repository) those of one saga one after the other in this process; what
/// collides with another process is handled again.
/// </summary>
public abstract class SagaEndpointDefinition<TSaga> : SagaDefinition<TSaga> where TSaga : class, SagaStateMachineInstance, ISagaDocument
{
    private const int Concurrency = 16;

    /// <summary>Sets the concurrency; the derived class sets <c>EndpointName</c>.</summary>
    protected SagaEndpointDefinition() => ConcurrentMessageLimit = Concurrency;

    /// <inheritdoc/>
    protected override void ConfigureSaga(IReceiveEndpointConfigurator endpointConfigurator, ISagaConfigurator<TSaga> sagaConfigurator, IRegistrationContext context)
    {
        ArgumentNullException.ThrowIfNull(endpointConfigurator);
        endpointConfigurator.PrefetchCount = 2 * Concurrency;

        // Outside: the store is away for a moment. Inside: another process was faster. Both run the whole of load, handle and save again.
        endpointConfigurator.UseMessageRetry(retry =>
        {
            retry.Ignore<ConcurrencyException>();
            retry.Ignore<UnhandledEventException>();
            retry.Intervals(200, 1000, 5000);
            Bus.RetryCounter.Connect(retry, endpointConfigurator);
        });
        endpointConfigurator.UseMessageRetry(retry =>
        {
            retry.Handle<ConcurrencyException>();
            retry.Exponential(20, TimeSpan.FromMilliseconds(5), TimeSpan.FromMilliseconds(500), TimeSpan.FromMilliseconds(10));
            Bus.RetryCounter.Connect(retry, endpointConfigurator);
        });
        Bus.EndpointSettings.UseStoreGate(endpointConfigurator, context);
    }
}
