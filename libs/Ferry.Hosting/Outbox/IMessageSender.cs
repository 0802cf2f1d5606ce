namespace Ferry.Hosting.Outbox;

/// <summary>The way out to the bus.</summary>
internal interface IMessageSender
{
    /// <summary>Sends one message, with its id, and returns when the broker has it.</summary>
    Task SendAsync(PendingMessage message, CancellationToken cancellationToken);

    /// <summary>Publishes an event that may be lost; never throws but for cancellation.</summary>
    Task HintAsync<T>(T message, CancellationToken cancellationToken) where T : class;
}
