using Ferry.Hosting.Documents;
using Microsoft.Extensions.Logging;

namespace Ferry.Hosting.Outbox;

/// <summary>Sends the pending messages of a document that has just been written, and takes those that are confirmed out of it.</summary>
internal sealed class OutboxDispatcher(IMessageSender sender, TimeProvider time, ILogger<OutboxDispatcher> logger)
{
    private static readonly TimeSpan SendTimeout = TimeSpan.FromSeconds(30);

    /// <summary>Sends what is pending. What cannot be sent stays for the sweeper; throws only when cancelled.</summary>
    public async Task DispatchAsync<T>(IDocumentCollection<T> collection, T document, CancellationToken cancellationToken) where T : class, IOutboxDocument
    {
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
            using var timeout = new CancellationTokenSource(SendTimeout, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
            await sender.SendAsync(message, either.Token).ConfigureAwait(false);
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
