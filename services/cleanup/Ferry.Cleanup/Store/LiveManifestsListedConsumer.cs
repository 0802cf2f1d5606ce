using Ferry.Contracts.Cleanup;
using MassTransit;

namespace Ferry.Cleanup.Store;

/// <summary>Takes the services' answers.</summary>
public sealed class LiveManifestsListedConsumer(StoreTasks tasks) : IConsumer<LiveManifestsListed>
{
    /// <inheritdoc/>
    public Task Consume(ConsumeContext<LiveManifestsListed> context) => tasks.AnswerAsync(context.Message, context.CancellationToken);
}
