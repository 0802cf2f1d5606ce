using Ferry.Contracts.Cleanup;
using Ferry.Hosting.Jobs;
using Ferry.Hosting.Outbox;
using Microsoft.Extensions.Options;

namespace Ferry.Cleanup;

/// <summary>
/// Has every service release what it holds for a conversion and collects the answers. Every message may come twice, late or after a crash: a repeat
/// asks again those that have not answered, or says the result again.
/// </summary>
public sealed class CleanUp(IOutbox<CleanUpRequest> requests, TimeProvider time, IOptions<CleanUpOptions> options, IFaultPoints faults, ILogger<CleanUp> logger)
{
    private const string AskedFault = "cleanup.beforeAsking";
    private const string EndedFault = "cleanup.ended.beforeSend";

    /// <summary>Begins a clean-up, or goes on with it.</summary>
    public async Task BeginAsync(CleanUpConversion command, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(command);
        while (true)
        {
            var request = await requests.Documents.GetAsync(CleanUpRequest.IdOf(command.ConversionId, command.Attempt), cancellationToken);
            var isNew = request is null;
            request ??= Create(command);
            if (request.Outcome is { } outcome)
            {
                Add(request, outcome);
            }
            else if (time.GetUtcNow() - request.RequestedAt >= options.Value.AnswerTimeout)
            {
                End(request);
            }
            else
            {
                Add(request, PendingMessage.Event(
                    new ReleaseResources { ConversionId = command.ConversionId, Attempt = command.Attempt, KeepProducts = command.KeepProducts }, time.GetUtcNow()));
            }

            if (await WriteAsync(request, isNew, cancellationToken))
            {
                return;
            }
        }
    }

    /// <summary>Takes an answer; the last one ends the clean-up.</summary>
    public async Task AnswerAsync(ResourcesReleased answer, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(answer);
        while (true)
        {
            var request = await requests.Documents.GetAsync(CleanUpRequest.IdOf(answer.ConversionId, answer.Attempt), cancellationToken);
            if (request is null || request.Outcome is not null || !request.Expected.Contains(answer.Service))
            {
                Log.AnswerIgnored(logger, answer.Service, answer.ConversionId, answer.Attempt);
                return;
            }

            request.Answers.RemoveAll(earlier => earlier.Service == answer.Service);
            request.Answers.Add(new CleanUpAnswer(answer.Service, answer.Released, answer.Residue));
            if (!request.Missing().Any())
            {
                End(request);
            }

            if (await WriteAsync(request, isNew: false, cancellationToken))
            {
                return;
            }
        }
    }

    private CleanUpRequest Create(CleanUpConversion command) => new()
    {
        Id = CleanUpRequest.IdOf(command.ConversionId, command.Attempt),
        ConversionId = command.ConversionId,
        Attempt = command.Attempt,
        Expected = [.. options.Value.Services.Distinct(StringComparer.Ordinal)],
        RequestedAt = time.GetUtcNow(),
    };

    private void End(CleanUpRequest request)
    {
        string[] residue =
        [
            .. request.Answers.SelectMany(answer => answer.Residue.Select(left => $"{answer.Service}: {left}")),
            .. request.Missing().Select(service => $"service {service} did not answer; what it holds for this conversion is in its ledger"),
        ];
        request.EndedAt = time.GetUtcNow();
        request.Outcome = PendingMessage.Event(
            new ConversionCleanedUp { ConversionId = request.ConversionId, Attempt = request.Attempt, Residue = residue }, time.GetUtcNow());
        Add(request, request.Outcome);
        Log.Ended(logger, request.ConversionId, request.Answers.Sum(answer => answer.Released), residue.Length);
    }

    private static void Add(CleanUpRequest request, PendingMessage message)
    {
        if (!request.Pending.Exists(pending => pending.Type == message.Type))
        {
            request.Pending.Add(message);
        }
    }

    /// <summary>Writes state and messages in one, then sends; false when somebody else was faster.</summary>
    private async Task<bool> WriteAsync(CleanUpRequest request, bool isNew, CancellationToken cancellationToken)
    {
        var written = isNew
            ? await requests.Documents.TryInsertAsync(request, cancellationToken)
            : await requests.Documents.TryReplaceAsync(request, cancellationToken);
        if (written)
        {
            faults.Hit(request.Outcome is null ? AskedFault : EndedFault);
            await requests.DispatchAsync(request, cancellationToken);
        }

        return written;
    }
}
