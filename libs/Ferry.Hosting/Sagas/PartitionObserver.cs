using MassTransit;
using MassTransit.Configuration;

namespace Ferry.Hosting.Sagas;

/// <summary>Puts every message of a saga into the partition of its conversion.</summary>
internal sealed class PartitionObserver<TSaga>(IPartitioner partitioner) : ISagaConfigurationObserver where TSaga : class, ISaga
{
    /// <inheritdoc/>
    public void SagaConfigured<T>(ISagaConfigurator<T> configurator) where T : class, ISaga
    {
        // Nothing to set on the saga as a whole.
    }

    /// <inheritdoc/>
    public void StateMachineSagaConfigured<TInstance>(ISagaConfigurator<TInstance> configurator, SagaStateMachine<TInstance> stateMachine)
        where TInstance : class, ISaga, SagaStateMachineInstance
    {
        // Nothing to set on the saga as a whole.
    }

    /// <inheritdoc/>
    public void SagaMessageConfigured<T, TMessage>(ISagaMessageConfigurator<T, TMessage> configurator) where T : class, ISaga where TMessage : class =>
        configurator.Message(message => message.UsePartitioner(partitioner, PartitionKey<TMessage>.Of));
}
