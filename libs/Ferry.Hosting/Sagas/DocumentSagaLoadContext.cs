using MassTransit;
using MassTransit.Middleware;
using MassTransit.Saga;

namespace Ferry.Hosting.Sagas;

/// <summary>Reading sagas without a message.</summary>
internal sealed class DocumentSagaLoadContext<TSaga>(SagaStore<TSaga> store, CancellationToken cancellationToken)
    : BasePipeContext(cancellationToken), LoadSagaRepositoryContext<TSaga>
    where TSaga : class, SagaStateMachineInstance, ISagaDocument
{
    /// <inheritdoc/>
    public async Task<TSaga> Load(Guid correlationId) => (await store.LoadAsync(correlationId, CancellationToken).ConfigureAwait(false))!;
}
