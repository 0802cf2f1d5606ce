using MassTransit;

namespace Ferry.Transfer;

/// <summary>A queue of this process alone, that goes with it: what it would hold is worth nothing to the next.</summary>
public sealed class TransferHintsDefinition : ConsumerDefinition<TransferHintsConsumer>
{
    /// <summary>Names the queue.</summary>
    public TransferHintsDefinition()
    {
        EndpointName = $"transfer-hints-{Guid.NewGuid():N}";
        ConcurrentMessageLimit = 1;
    }

    /// <inheritdoc/>
    protected override void ConfigureConsumer(
        IReceiveEndpointConfigurator endpointConfigurator, IConsumerConfigurator<TransferHintsConsumer> consumerConfigurator, IRegistrationContext context)
    {
        if (endpointConfigurator is IRabbitMqReceiveEndpointConfigurator rabbitMq)
        {
            rabbitMq.SetQueueArgument("x-queue-type", "classic");
            rabbitMq.AutoDelete = true;
            rabbitMq.Durable = false;
        }
    }
}
