using MassTransit;

namespace Ferry.Hosting.Bus;

/// <summary>What endpoints of consumers have in common.</summary>
internal static class EndpointSettings
{
    /// <summary>Prefetch, a retry well under the broker's patience, and the kill switch.</summary>
    public static void Apply(IReceiveEndpointConfigurator endpoint, int prefetch, IRegistrationContext context)
    {
        endpoint.PrefetchCount = prefetch;
        endpoint.UseMessageRetry(retry =>
        {
            retry.Intervals(100, 500, 2000, 5000);
            RetryCounter.Connect(retry, endpoint);
        });
        UseStoreGate(endpoint, context);
    }

    /// <summary>The kill switch; to be called behind the retries, which then stand around it.</summary>
    public static void UseStoreGate(IReceiveEndpointConfigurator endpoint, IRegistrationContext context) =>
        endpoint.UseConsumeFilter(typeof(StoreGateFilter<>), context);

    /// <summary>Quorum queue, where the bus is RabbitMQ.</summary>
    public static void UseQuorumQueue(IReceiveEndpointConfigurator endpoint)
    {
        if (endpoint is IRabbitMqReceiveEndpointConfigurator rabbitMq)
        {
            rabbitMq.SetQuorumQueue();
        }
    }
}
