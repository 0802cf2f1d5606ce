using Ferry.Hosting.Outbox;
using MassTransit;

namespace Ferry.Hosting.Bus;

/// <summary>
/// Base of the definition of a consumer of a command. Its queue is <see cref="QueueName.For"/> of the command. A command is acknowledged within a second (it becomes
/// a job), so a few at a time are enough, and a retry only bridges a short absence of the store.
/// </summary>
public abstract class CommandConsumerDefinition<TConsumer, TCommand> : ConsumerDefinition<TConsumer>
    where TConsumer : class, IConsumer<TCommand>
    where TCommand : class
{
    /// <summary>Sets the queue's name and the concurrency.</summary>
    protected CommandConsumerDefinition()
    {
        EndpointName = QueueName.For(typeof(TCommand));
        ConcurrentMessageLimit = 4;
    }

    /// <inheritdoc/>
    protected override void ConfigureConsumer(
        IReceiveEndpointConfigurator endpointConfigurator, IConsumerConfigurator<TConsumer> consumerConfigurator, IRegistrationContext context)
    {
        ArgumentNullException.ThrowIfNull(endpointConfigurator);
        EndpointSettings.Apply(endpointConfigurator, prefetch: 8, context);
    }
}
