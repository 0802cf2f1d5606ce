using System.Diagnostics;
using System.Text.Json;
using Ferry.Contracts.Jobs;
using Ferry.Hosting.Documents;
using Ferry.Hosting.Outbox;
using Ferry.Hosting.Telemetry;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Ferry.Hosting.Bus;

/// <summary>
/// Tells of messages that could not be consumed: besides the broker's error queue they become an event, which fails the conversion's step and is kept by the
/// orchestrator. So it is the same on every transport, and nobody has to look into queues.
/// </summary>
internal sealed class PoisonObserver(IServiceProvider services, TimeProvider time, ILogger<PoisonObserver> logger) : IReceiveObserver
{
    /// <summary>Reason of a message whose type no consumer of its queue takes.</summary>
    public const string NoConsumer = "NoConsumer";

    /// <summary>Longest body that is kept, in characters.</summary>
    public const int MostBody = 64 << 10;

    /// <inheritdoc/>
    public Task PreReceive(ReceiveContext context)
    {
        if (context.Redelivered)
        {
            HostingTelemetry.CountRedelivery(ClosedName(QueueOf(context)));
        }

        return Task.CompletedTask;
    }

    /// <summary>A message that no consumer of its queue takes: the transport puts it aside (<c>_skipped</c> on RabbitMQ), and it is told of like any other that is not consumed.</summary>
    public Task PostReceive(ReceiveContext context) => context.IsDelivered || context.IsFaulted ? Task.CompletedTask : TellAsync(new MessagePoisoned
    {
        Queue = QueueOf(context),
        MessageId = context.GetMessageId() ?? Guid.NewGuid(),
        Type = "unknown",
        Reason = NoConsumer,
        TraceId = Activity.Current?.TraceId.ToHexString(),
        FailedAt = time.GetUtcNow(),
    }, exception: null);

    /// <inheritdoc/>
    public Task PostConsume<T>(ConsumeContext<T> context, TimeSpan duration, string consumerType) where T : class
    {
        HostingTelemetry.RecordMessage(ClosedName(QueueOf(context.ReceiveContext)), "done", duration);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task ConsumeFault<T>(ConsumeContext<T> context, TimeSpan duration, string consumerType, Exception exception) where T : class
    {
        HostingTelemetry.RecordMessage(ClosedName(QueueOf(context.ReceiveContext)), "failed", duration);
        var body = JsonSerializer.SerializeToElement(context.Message, DocumentJson.Options);
        var text = body.GetRawText();
        return TellAsync(new MessagePoisoned
        {
            Queue = QueueOf(context.ReceiveContext),
            MessageId = context.MessageId ?? Guid.Empty,
            Type = typeof(T).FullName!,
            ConversionId = Property(body, "conversionId") is { } id && id.TryGetGuid(out var conversion) ? conversion : null,
            Step = Property(body, "step") is { ValueKind: JsonValueKind.String } step ? step.GetString() : null,
            Attempt = Property(body, "attempt") is { ValueKind: JsonValueKind.Number } number && number.TryGetInt32(out var attempt) ? attempt : null,
            Body = text.Length <= MostBody ? text : null,
            Reason = exception.GetBaseException().GetType().Name,
            TraceId = Activity.Current?.TraceId.ToHexString(),
            FailedAt = time.GetUtcNow(),
        }, exception);
    }

    /// <inheritdoc/>
    public Task ReceiveFault(ReceiveContext context, Exception exception) => TellAsync(new MessagePoisoned
    {
        Queue = QueueOf(context),
        MessageId = context.GetMessageId() ?? Guid.NewGuid(),
        Type = "unknown",
        Reason = exception.GetBaseException().GetType().Name,
        TraceId = Activity.Current?.TraceId.ToHexString(),
        FailedAt = time.GetUtcNow(),
    }, exception);

    private async Task TellAsync(MessagePoisoned poisoned, Exception? exception)
    {
        Log.Poisoned(logger, exception, poisoned.MessageId, poisoned.Type, poisoned.Queue);
        if (poisoned.Type == typeof(MessagePoisoned).FullName)
        {
            return; // The one that keeps them cannot take this one either.
        }

        HostingTelemetry.Poisoned.Add(1, new KeyValuePair<string, object?>("messaging.destination.name", ClosedName(poisoned.Queue)));
        try
        {
            // Not injected: the observer is made with the bus, and the sender needs it.
            var message = PendingMessage.Event(poisoned, poisoned.FailedAt);
            await services.GetRequiredService<OutboxDispatcher>().SendAsync(message, CancellationToken.None).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // An observer must not disturb what it observes: the message is in the error queue, the log has the rest.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            Log.PoisonNotTold(logger, failure, poisoned.MessageId);
        }
    }

    private static JsonElement? Property(JsonElement body, string name) =>
        body.ValueKind is JsonValueKind.Object && body.TryGetProperty(name, out var value) && value.ValueKind is not JsonValueKind.Null ? value : null;

    // A process's own queue ends with a random id; names in metrics are from a closed set.
    internal static string ClosedName(string queue) =>
        queue.LastIndexOf('-') is var dash && dash > 0 && Guid.TryParseExact(queue.AsSpan(dash + 1), "N", out _) ? queue[..dash] : queue;

    private static string QueueOf(ReceiveContext context) => context.InputAddress.Segments[^1].Trim('/');
}
