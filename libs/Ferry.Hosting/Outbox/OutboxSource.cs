using Ferry.Hosting.Documents;
using Ferry.Hosting.Telemetry;
using Microsoft.Extensions.Logging;

namespace Ferry.Hosting.Outbox;

/// <summary>A collection whose documents carry messages.</summary>
internal abstract class OutboxSource(string name)
{
    /// <summary>Name of the collection.</summary>
    public string Name { get; } = name;

    /// <summary>Sends the pending messages that are older than a time.</summary>
    public abstract Task SweepAsync(OutboxDispatcher dispatcher, DateTimeOffset olderThan, ILogger logger, CancellationToken cancellationToken);
}

/// <summary>A collection whose documents carry messages, with their type.</summary>
internal sealed class OutboxSource<T>(string name, IDocumentCollection<T> collection) : OutboxSource(name) where T : class, IOutboxDocument
{
    private const int Batch = 100;

    /// <inheritdoc/>
    public override async Task SweepAsync(OutboxDispatcher dispatcher, DateTimeOffset olderThan, ILogger logger, CancellationToken cancellationToken)
    {
        var documents = await collection.QueryAsync(DocumentQuery.Where("hasPending", true).Limit(Batch), cancellationToken).ConfigureAwait(false);
        var overdue = documents.Sum(document => document.Pending.Count(message => message.CreatedAt <= olderThan));
        HostingTelemetry.OverdueMessages.Set(Name, [new(overdue, new KeyValuePair<string, object?>("db.collection.name", Name))]);
        foreach (var document in documents)
        {
            if (document.Pending.Exists(message => message.CreatedAt <= olderThan))
            {
                Log.SweptUp(logger, document.Pending.Count, document.Id);
                await dispatcher.DispatchAsync(collection, document, cancellationToken).ConfigureAwait(false);
            }
        }
    }
}
