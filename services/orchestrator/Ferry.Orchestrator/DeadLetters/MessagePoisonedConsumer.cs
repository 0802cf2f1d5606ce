using Ferry.Contracts.Jobs;
using MassTransit;

namespace Ferry.Orchestrator.DeadLetters;

/// <summary>Keeps dead letters.</summary>
public sealed class MessagePoisonedConsumer(DeadLetterBox box) : IConsumer<MessagePoisoned>
{
    /// <inheritdoc/>
    public Task Consume(ConsumeContext<MessagePoisoned> context) => box.KeepAsync(context.Message, context.CancellationToken);
}
