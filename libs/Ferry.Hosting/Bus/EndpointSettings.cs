using MassTransit;

namespace Ferry.Hosting.Bus;

/// <summary>What endpoints of consumers have in common.</summary>
internal static class EndpointSettings
{
    /// <summary>Prefetch, and a retry well under the broker's patience.</summary>
    public static void Apply(IReceiveEndpointConfigurator endpoint, int prefetch)
    {
        endpoint.PrefetchCount = prefetch;
        endpoint.UseMessageRetry(retry => retry.Intervals(100, 500, 2000, 5000));
    }

    /// <summary>Quorum queue, where the bus is RabbitMQ.</summary>
    public static void UseQuorumQueue(IReceiveEndpointConfigurator endpoint)
    {
        if (endpoint is IRabbitMqReceiveEndpointConfigurator rabbitMq)
        {
            rabbitMq.SetQuorumQueue();
        }
    }
}
