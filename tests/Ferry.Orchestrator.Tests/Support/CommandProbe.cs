using MassTransit;

namespace Ferry.Orchestrator.Tests.Support;

/// <summary>Stands where a service would be, and keeps what it is sent.</summary>
public sealed class CommandProbe<T>(CommandLog log) : IConsumer<T>
    where T : class
{
    /// <inheritdoc/>
    public Task Consume(ConsumeContext<T> context)
    {
        log.Add(context.Message, context.MessageId);
        return Task.CompletedTask;
    }
}
