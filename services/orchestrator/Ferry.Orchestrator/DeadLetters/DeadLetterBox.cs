using System.Text.Json;
using Ferry.Contracts.Conversions;
using Ferry.Contracts.DeadLetters;
using Ferry.Contracts.Jobs;
using Ferry.Hosting.Documents;
using Ferry.Hosting.Outbox;
using Ferry.Orchestrator.Conversions;

namespace Ferry.Orchestrator.DeadLetters;

/// <summary>Keeps the messages that could not be consumed, and retries them when an operator says so. Thread-safe.</summary>
public sealed class DeadLetterBox(IDocumentStore store, IDocumentCollection<ConversionState> conversions, OutboxDispatcher outbox, TimeProvider time)
{
    /// <summary>Code of the failure of a step whose message could not be consumed.</summary>
    public const string Poisoned = "MESSAGE_POISONED";

    private const int MostRetries = 20;
    private readonly IDocumentCollection<DeadLetterDocument> documents = store.Collection<DeadLetterDocument>(DeadLetterDocument.Collection);

    /// <summary>Keeps a message, or counts that it has failed again.</summary>
    public async Task KeepAsync(MessagePoisoned message, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(message);
        var letter = new DeadLetterDocument
        {
            Id = IdOf(message.MessageId, message.Queue), Queue = message.Queue, MessageId = message.MessageId, Type = message.Type,
            ConversionId = message.ConversionId, Step = PoisonedSteps.Of(message), Attempt = message.Attempt, Body = message.Body, Reason = message.Reason,
            TraceId = message.TraceId, FailedAt = message.FailedAt,
        };
        while (!await documents.TryInsertAsync(letter, cancellationToken))
        {
            var again = DocumentUpdate.Set("failedAt", message.FailedAt).AndSet("reason", message.Reason).AndSet("traceId", message.TraceId).AndIncrement("failures", 1);
            var other = DocumentQuery.Where("id", letter.Id).And("failedAt", Comparison.NotEqual, message.FailedAt);
            if (await documents.UpdateFirstAsync(other, again, cancellationToken) is not null || await documents.GetAsync(letter.Id, cancellationToken) is not null)
            {
                return;
            }
        }
    }

    /// <summary>Dead letters, the newest first.</summary>
    public async Task<DeadLetterPage> ListAsync(int skip, int limit, CancellationToken cancellationToken)
    {
        var found = await documents.QueryAsync(DocumentQuery.All.OrderByDescending("failedAt").Skip(skip).Limit(limit), cancellationToken);
        return new DeadLetterPage { Total = await documents.CountAsync(DocumentQuery.All, cancellationToken), DeadLetters = [.. found.Select(letter => View(letter, null))] };
    }

    /// <summary>How many there are.</summary>
    public async Task<long> CountAsync(CancellationToken cancellationToken) => await documents.CountAsync(DocumentQuery.All, cancellationToken);

    /// <summary>One dead letter with its message, or null.</summary>
    public async Task<DeadLetterView?> GetAsync(string id, CancellationToken cancellationToken) =>
        await documents.GetAsync(id, cancellationToken) is { } letter ? View(letter, letter.Body is { } body ? DeadLetterMask.Of(body) : null) : null;

    /// <summary>
    /// Does what helps: a conversion that failed by it goes on at that step; else the message goes to its queue again, unless its conversion has gone on without it.
    /// Null when there is no such dead letter. One that was retried is taken out, and comes back when it fails again.
    /// </summary>
    public async Task<DeadLetterRetry?> RetryAsync(string id, CancellationToken cancellationToken)
    {
        if (await documents.GetAsync(id, cancellationToken) is not { } letter)
        {
            return null;
        }

        var conversion = letter.ConversionId is { } conversionId ? await conversions.GetAsync(conversionId.ToString("N"), cancellationToken) : null;
        if (conversion is { CurrentState: "Failed", Failure.Code: Poisoned })
        {
            await outbox.SendAsync(PendingMessage.Event(new RetryConversion { ConversionId = conversion.CorrelationId }, time.GetUtcNow()), cancellationToken);
            await documents.DeleteAsync(id, cancellationToken);
            return new DeadLetterRetry { Outcome = "conversion-retried", Detail = $"The conversion had failed by it and goes on; see ferry watch {conversion.CorrelationId}" };
        }

        if (letter is not { Body: { } body } || letter.Retries >= MostRetries)
        {
            return Refused(letter.Body is null ? "The message is not kept: it was too long, or not readable." : $"It has failed {letter.Failures} times, and was retried {letter.Retries} times.");
        }

        if (letter is { Step: { } step, Attempt: { } attempt } && (conversion is null || !ConversionSteps.IsCurrent(conversion, step, attempt)))
        {
            return Refused("Its conversion has ended, or has gone on without it: nothing would take the result.");
        }

        using var message = JsonDocument.Parse(body);
        await documents.UpdateFirstAsync(DocumentQuery.Where("id", id), new DocumentUpdate().AndIncrement("retries", 1), cancellationToken);
        await outbox.SendAsync(
            new PendingMessage
            {
                MessageId = letter.MessageId, Type = letter.Type, Queue = letter.Queue, Body = message.RootElement.Clone(), CreatedAt = time.GetUtcNow(),
            },
            cancellationToken);
        await documents.DeleteAsync(id, cancellationToken);
        return new DeadLetterRetry { Outcome = "sent", Detail = $"Sent to {letter.Queue} again." };
    }

    private static DeadLetterRetry Refused(string why) => new() { Outcome = "refused", Detail = why };

    private static string IdOf(Guid message, string queue) => $"{message:N}-{queue}";

    private static DeadLetterView View(DeadLetterDocument letter, string? body) => new()
    {
        Id = letter.Id, Queue = letter.Queue, Type = letter.Type.Split('.')[^1], ConversionId = letter.ConversionId, Reason = letter.Reason, TraceId = letter.TraceId,
        FailedAt = letter.FailedAt, Failures = letter.Failures, Retries = letter.Retries, Body = body,
    };
}
