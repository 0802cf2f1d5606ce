using Ferry.Hosting.Outbox;

namespace Ferry.Transfer.Jobs;

/// <summary>Publishes events that may be lost.</summary>
public sealed class TransferHints(OutboxDispatcher dispatcher, TimeProvider time, ILogger<TransferHints> logger)
{
    /// <summary>Publishes; throws nothing but for cancellation.</summary>
    public async Task PublishAsync<T>(T message, CancellationToken cancellationToken) where T : class
    {
        try
        {
            await dispatcher.SendAsync(PendingMessage.Event(message, time.GetUtcNow()), cancellationToken);
        }
#pragma warning disable CA1031 // It may be lost.
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
        {
            Log.HintFailed(logger, exception, typeof(T).Name);
        }
    }
}
