using System.Collections.Concurrent;
using Ferry.Hosting.Outbox;

namespace Ferry.Hosting.Tests.Support;

/// <summary>A way to the bus that is broken until it is mended.</summary>
internal sealed class BrokenSender(IMessageSender inner) : IMessageSender
{
    public bool Mended { get; set; }

    public ConcurrentQueue<Guid> Refused { get; } = new();

    public Task SendAsync(PendingMessage message, CancellationToken cancellationToken)
    {
        if (Mended)
        {
            return inner.SendAsync(message, cancellationToken);
        }

        Refused.Enqueue(message.MessageId);
        throw new IOException("The broker is away.");
    }

    public Task HintAsync<T>(T message, CancellationToken cancellationToken) where T : class => inner.HintAsync(message, cancellationToken);
}
