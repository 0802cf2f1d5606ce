using Ferry.Hosting.Documents;
using Microsoft.Extensions.Logging;

namespace Ferry.Hosting.Outbox;

/// <summary>Sends the pending messages of a document that has just been written, and takes those that are confirmed out of it.</summary>
public sealed class OutboxDispatcher
{
    private static readonly TimeSpan SendTimeout = TimeSpan.FromSeconds(30);
    private readonly IMessageSender sender;
    private readonly TimeProvider time;
    private readonly ILogger<OutboxDispatcher> logger;

    internal OutboxDispatcher(IMessageSender sender, TimeProvider time, ILogger<OutboxDispatcher> logger)
    {
        this.sender = sender;
        this.time = time;
        this.logger = logger;
    }

    /// <summary>Sends a message that no document carries, and returns when the broker has it. For hints that somebody repeats; the message is lost when this throws.</summary>
    public async Task SendAsync(PendingMessage message, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(message);
        using var timeout = new CancellationTokenSource(SendTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        await sender.SendAsync(message, either.Token).ConfigureAwait(false);
    }

    /// <summary>Sends what is pending. What cannot be sent stays for the sweeper; throws only when cancelled.</summary>
    public async Task DispatchAsync<T>(IDocumentCollection<T> collection, T document, CancellationToken cancellationToken) where T : class, IOutboxDocument
    {
        ArgumentNullException.ThrowIfNull(collection);
        ArgumentNullException.ThrowIfNull(document);
        var sent = new HashSet<Guid>();
        foreach (var message in document.Pending.ToArray())
        {
            if (!await TrySendAsync(document.Id, message, cancellationToken).ConfigureAwait(false))
            {
                break; // In order: a later message may build on an earlier one.
            }

            sent.Add(message.MessageId);
        }

        if (sent.Count > 0)
        {
            await RemoveAsync(collection, document, sent, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<bool> TrySendAsync(string document, PendingMessage message, CancellationToken cancellationToken)
    {
        try
        {
            await SendAsync(message, cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
#pragma warning disable CA1031 // Whatever the transport throws: the message stays in the document.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Log.SendFailed(logger, exception, message.MessageId, message.Type, document);
            return false;
        }
    }

    private async Task RemoveAsync<T>(IDocumentCollection<T> collection, T document, HashSet<Guid> sent, CancellationToken cancellationToken)
        where T : class, IOutboxDocument
    {
        try
        {
            T? current = document;
            while (current is not null && current.Pending.RemoveAll(message => sent.Contains(message.MessageId)) > 0)
            {
                if (await collection.TryReplaceAsync(current, cancellationToken).ConfigureAwait(false))
                {
                    return;
                }

                current = await collection.GetAsync(document.Id, cancellationToken).ConfigureAwait(false);
            }
        }
#pragma warning disable CA1031 // The messages are sent; that they stay pending means only that they are sent again.
        catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
        {
            Log.RemoveFailed(logger, exception, document.Id);
        }
    }
}
