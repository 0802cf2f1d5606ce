using Ferry.Hosting.Telemetry;
using MassTransit;
using MassTransit.Context;
using MassTransit.Saga;

namespace Ferry.Hosting.Sagas;

/// <summary>The repository as one message sees it.</summary>
internal sealed class DocumentSagaRepositoryContext<TSaga, TMessage>(
    SagaStore<TSaga> store,
    TSaga? loaded,
    ConsumeContext<TMessage> consumeContext,
    ISagaConsumeContextFactory<SagaStore<TSaga>, TSaga> factory) : ConsumeContextScope<TMessage>(consumeContext), SagaRepositoryContext<TSaga, TMessage>
    where TSaga : class, SagaStateMachineInstance, ISagaDocument
    where TMessage : class
{
    private readonly ConsumeContext<TMessage> consumed = consumeContext;

    /// <inheritdoc/>
    public Task<SagaConsumeContext<TSaga, T>> CreateSagaConsumeContext<T>(ConsumeContext<T> consumeContext, TSaga instance, SagaConsumeContextMode mode)
        where T : class => factory.CreateSagaConsumeContext(store, consumeContext, instance, mode);

    /// <inheritdoc/>
    public Task<SagaConsumeContext<TSaga, TMessage>> Add(TSaga instance) =>
        factory.CreateSagaConsumeContext(store, consumed, instance, SagaConsumeContextMode.Add);

    /// <inheritdoc/>
    public async Task<SagaConsumeContext<TSaga, TMessage>> Insert(TSaga instance)
    {
        // The message is not handled yet: its id is noted with the update that follows.
        if (!await store.TryInsertAsync(instance, messageId: null, CancellationToken).ConfigureAwait(false))
        {
            return null!;
        }

        return await factory.CreateSagaConsumeContext(store, consumed, instance, SagaConsumeContextMode.Insert).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task<SagaConsumeContext<TSaga, TMessage>> Load(Guid correlationId)
    {
        var saga = loaded?.CorrelationId == correlationId ? loaded : await store.LoadAsync(correlationId, CancellationToken).ConfigureAwait(false);
        return saga is null ? null! : await factory.CreateSagaConsumeContext(store, consumed, saga, SagaConsumeContextMode.Load).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task Save(SagaConsumeContext<TSaga> context)
    {
        if (!await store.TryInsertAsync(context.Saga, consumed.MessageId, CancellationToken).ConfigureAwait(false))
        {
            HostingTelemetry.SagaConflicts.Add(1);
            throw new DocumentConcurrencyException("Another message has started this saga.", typeof(TSaga), context.Saga.CorrelationId);
        }
    }

    /// <inheritdoc/>
    public async Task Update(SagaConsumeContext<TSaga> context)
    {
        if (!await store.TryUpdateAsync(context.Saga, consumed.MessageId, CancellationToken).ConfigureAwait(false))
        {
            HostingTelemetry.SagaConflicts.Add(1);
            throw new DocumentConcurrencyException("Another message has changed this saga.", typeof(TSaga), context.Saga.CorrelationId);
        }
    }

    /// <inheritdoc/>
    public async Task Delete(SagaConsumeContext<TSaga> context) => await store.DeleteAsync(context.Saga, CancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    public Task Discard(SagaConsumeContext<TSaga> context) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task Undo(SagaConsumeContext<TSaga> context) => Task.CompletedTask;
}
