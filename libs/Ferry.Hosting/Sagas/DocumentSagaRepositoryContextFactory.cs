using MassTransit;
using MassTransit.Saga;
using Microsoft.Extensions.Logging;

namespace Ferry.Hosting.Sagas;

/// <summary>Opens the repository for a message; a message that the saga has handled before goes no further, but what it led to is sent again if it is still pending.</summary>
internal sealed class DocumentSagaRepositoryContextFactory<TSaga>(
    SagaStore<TSaga> store,
    ISagaConsumeContextFactory<SagaStore<TSaga>, TSaga> factory,
    ILogger<DocumentSagaRepositoryContextFactory<TSaga>> logger)
    : ISagaRepositoryContextFactory<TSaga>, ILoadSagaRepositoryContextFactory<TSaga>
    where TSaga : class, SagaStateMachineInstance, ISagaDocument
{
    /// <inheritdoc/>
    public void Probe(ProbeContext context) => context.Add("persistence", "documents");

    /// <inheritdoc/>
    public Task Send<T>(ConsumeContext<T> context, IPipe<SagaRepositoryContext<TSaga, T>> next) where T : class => context.CorrelationId is { } id
        ? store.OneAtATimeAsync(id, () => HandleAsync(id, context, next), context.CancellationToken)
        : throw new NotSupportedException($"{typeof(T).Name} has no correlation id. Use CorrelateById.");

    /// <inheritdoc/>
    public Task SendQuery<T>(ConsumeContext<T> context, ISagaQuery<TSaga> query, IPipe<SagaRepositoryQueryContext<TSaga, T>> next) where T : class =>
        throw new NotSupportedException($"{typeof(T).Name}: sagas in documents are found by their correlation id only. Use CorrelateById.");

    /// <inheritdoc/>
    public async Task<T> Execute<T>(Func<LoadSagaRepositoryContext<TSaga>, Task<T>> asyncMethod, CancellationToken cancellationToken) where T : class =>
        await asyncMethod(new DocumentSagaLoadContext<TSaga>(store, cancellationToken)).ConfigureAwait(false);

    private async Task HandleAsync<T>(Guid id, ConsumeContext<T> context, IPipe<SagaRepositoryContext<TSaga, T>> next) where T : class
    {
        var saga = await store.LoadAsync(id, context.CancellationToken).ConfigureAwait(false);
        if (saga is not null && context.MessageId is { } message && saga.Handled.Contains(message))
        {
            Log.MessageHandledBefore(logger, saga.CorrelationId, message, typeof(T).Name);
            await store.DispatchAsync(saga, context.CancellationToken).ConfigureAwait(false);
            return;
        }

        var repository = new DocumentSagaRepositoryContext<TSaga, T>(store, saga, context, factory);
        await next.Send(repository).ConfigureAwait(false);
    }
}
