using Ferry.Contracts.Cleanup;
using Ferry.Hosting.Live;
using MassTransit;

namespace Ferry.Hosting.Bus;

/// <summary>Answers for the jobs of one service; one endpoint per service. An answer that is lost is asked for again.</summary>
internal sealed class ListLiveManifestsConsumer(JobManifests manifests) : IConsumer<ListLiveManifests>
{
    /// <summary>Name of the endpoint.</summary>
    public static string Endpoint(string service) => $"{service}-list-live-manifests";

    /// <inheritdoc/>
    public async Task Consume(ConsumeContext<ListLiveManifests> context)
    {
        if (await manifests.AnswerAsync(context.Message, context.CancellationToken).ConfigureAwait(false) is { } answer)
        {
            await context.Publish(answer, context.CancellationToken).ConfigureAwait(false);
        }
    }
}
