using Ferry.Contracts.Cleanup;
using MassTransit;

namespace Ferry.Cleanup;

/// <summary>Takes the services' answers.</summary>
public sealed class ResourcesReleasedConsumer(CleanUp cleanUp) : IConsumer<ResourcesReleased>
{
    /// <inheritdoc/>
    public Task Consume(ConsumeContext<ResourcesReleased> context) => cleanUp.AnswerAsync(context.Message, context.CancellationToken);
}
