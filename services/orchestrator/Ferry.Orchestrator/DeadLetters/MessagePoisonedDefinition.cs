using Ferry.Hosting.Bus;

namespace Ferry.Orchestrator.DeadLetters;

/// <summary>Queue of <see cref="MessagePoisonedConsumer"/>.</summary>
public sealed class MessagePoisonedDefinition() : EventConsumerDefinition<MessagePoisonedConsumer>("orchestrator");
