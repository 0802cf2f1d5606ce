using Ferry.Contracts.Cleanup;
using MassTransit;

namespace Ferry.Orchestrator.Retention;

/// <summary>Answers with the manifests that the conversions need.</summary>
public sealed class ListLiveManifestsConsumer(LiveConversions conversions) : IConsumer<ListLiveManifests>
{
    /// <inheritdoc/>
    public async Task Consume(ConsumeContext<ListLiveManifests> context)
    {
        if (await conversions.AnswerAsync(context.Message, context.CancellationToken) is { } answer)
        {
            await context.Publish(answer, context.CancellationToken);
        }
    }
}
