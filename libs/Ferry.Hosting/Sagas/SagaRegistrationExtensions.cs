using Ferry.Hosting.Documents;
using Ferry.Hosting.Outbox;
using MassTransit;
using MassTransit.Configuration;
using MassTransit.Saga;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Ferry.Hosting.Sagas;

/// <summary>Keeps sagas in the document store.</summary>
public static class SagaRegistrationExtensions
{
    /// <summary>Adds a saga whose instances are documents to the bus.</summary>
    /// <param name="builder">The host.</param>
    /// <param name="collection">The collection; it should have an index over <c>hasPending</c>.</param>
    public static IHostApplicationBuilder AddDocumentSaga<TMachine, TSaga, TDefinition>(this IHostApplicationBuilder builder, CollectionDefinition collection)
        where TMachine : class, SagaStateMachine<TSaga>
        where TSaga : class, SagaStateMachineInstance, ISagaDocument
        where TDefinition : class, ISagaDefinition<TSaga> =>
        builder.AddBusParticipant(bus => bus.AddSagaStateMachine<TMachine, TSaga, TDefinition>().DocumentRepository(collection));

    /// <summary>
    /// Keeps the saga's instances as documents. Adds <see cref="IDocumentCollection{TSaga}"/> to the services, for reading them elsewhere.
    /// </summary>
    /// <param name="saga">The saga.</param>
    /// <param name="collection">The collection; it should have an index over <c>hasPending</c>.</param>
    public static ISagaRegistrationConfigurator<TSaga> DocumentRepository<TSaga>(this ISagaRegistrationConfigurator<TSaga> saga, CollectionDefinition collection)
        where TSaga : class, SagaStateMachineInstance, ISagaDocument
    {
        ArgumentNullException.ThrowIfNull(saga);
        ArgumentNullException.ThrowIfNull(collection);
        return saga.Repository(repository =>
        {
            repository.TryAddSingleton(provider => provider.GetRequiredService<IDocumentStore>().Collection<TSaga>(collection));
            repository.TryAddSingleton<SagaStore<TSaga>>();
            repository.AddSingleton<OutboxSource>(provider => new OutboxSource<TSaga>(collection.Name, provider.GetRequiredService<IDocumentCollection<TSaga>>()));
            repository.RegisterSagaRepository<TSaga, SagaStore<TSaga>, SagaConsumeContextFactory<SagaStore<TSaga>, TSaga>, DocumentSagaRepositoryContextFactory<TSaga>>();
            repository.RegisterLoadSagaRepository<TSaga, DocumentSagaRepositoryContextFactory<TSaga>>();
        });
    }

    /// <summary>For <c>OnMissingInstance</c> of an event: a late message of a conversion that is gone is logged and dropped, not a fault.</summary>
    public static IPipe<ConsumeContext<TMessage>> DropWithWarning<TSaga, TMessage>(this IMissingInstanceConfigurator<TSaga, TMessage> missing)
        where TSaga : SagaStateMachineInstance
        where TMessage : class
    {
        ArgumentNullException.ThrowIfNull(missing);
        return missing.Execute(context =>
        {
            if (context.TryGetPayload<IServiceProvider>(out var services))
            {
                Log.InstanceMissing(services.GetRequiredService<ILogger<SagaDocument>>(), context.CorrelationId, typeof(TMessage).Name);
            }
        });
    }
}
