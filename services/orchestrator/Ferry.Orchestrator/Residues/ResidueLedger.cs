using Ferry.Contracts.Cleanup;
using Ferry.Contracts.Residues;
using Ferry.Hosting.Documents;
using Ferry.Hosting.Outbox;
using Ferry.Orchestrator.Conversions;

namespace Ferry.Orchestrator.Residues;

/// <summary>Finds what services hold for conversions that have ended or are not known, and has it cleaned up again. Thread-safe.</summary>
public sealed class ResidueLedger(IDocumentStore store, IDocumentCollection<ConversionState> conversions, OutboxDispatcher outbox, TimeProvider time)
{
    /// <summary>How old what belongs to an unknown conversion has to be: its document may have been lost with a store that was set back.</summary>
    public static readonly TimeSpan UnknownAge = TimeSpan.FromHours(1);

    // Attempts of clean-ups of conversions that no saga counts: by the minute, far above those that one does.
    private static readonly DateTimeOffset Epoch = new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private const int FirstUnknownAttempt = 1_000_000;

    private readonly IDocumentCollection<HeldDocument> documents = store.Collection<HeldDocument>(HeldDocument.Collection);

    /// <summary>Takes what a service holds.</summary>
    public async Task TakeAsync(ResourcesHeld said, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(said);
        await KeepAsync(said, cancellationToken);
        var now = time.GetUtcNow();
        foreach (var held in said.Held.GroupBy(resource => resource.ConversionId))
        {
            var conversion = await conversions.GetAsync(held.Key.ToString("N"), cancellationToken);
            if (conversion is { EndedAt: not null })
            {
                await outbox.SendAsync(PendingMessage.Event(new OrphansFound { ConversionId = held.Key }, now), cancellationToken);
            }
            else if (conversion is null && held.All(resource => now - resource.RecordedAt > UnknownAge))
            {
                // Finished files of an unknown conversion are its owner's: only what it worked with goes.
                var attempt = FirstUnknownAttempt + (int)(now - Epoch).TotalMinutes;
                await outbox.SendAsync(
                    PendingMessage.Command(new CleanUpConversion { ConversionId = held.Key, Attempt = attempt, KeepProducts = true }, now), cancellationToken);
            }
        }
    }

    /// <summary>Everything that is left.</summary>
    public async Task<ResiduePage> ListAsync(CancellationToken cancellationToken)
    {
        var left = new List<ResidueView>();
        var named = await conversions.QueryAsync(DocumentQuery.Where("hasResidue", true).OrderByDescending("requestedAt"), cancellationToken);
        foreach (var conversion in named)
        {
            left.AddRange(conversion.Residue.Select(what => new ResidueView
            {
                What = what, ConversionId = conversion.CorrelationId, State = conversion.ShownState, FoundAt = conversion.EndedAt ?? conversion.RequestedAt,
                Remedy = "Remove what keeps it (see the service's log); it is tried again every hour and at the service's start.",
            }));
        }

        foreach (var document in await documents.QueryAsync(DocumentQuery.All.OrderBy("id"), cancellationToken))
        {
            left.AddRange(await HeldAsync(document.Said, named, cancellationToken));
            left.AddRange(document.Said.Strays.Select(stray => new ResidueView
            {
                Service = document.Id, What = $"{stray.Kind} {stray.Place}", FoundAt = document.Said.At,
                Remedy = "No ledger of this installation names it. Make sure that no other program uses it, then remove it by hand.",
            }));
        }

        return new ResiduePage { Residue = left };
    }

    private async Task<IReadOnlyList<ResidueView>> HeldAsync(ResourcesHeld said, IReadOnlyList<ConversionState> named, CancellationToken cancellationToken)
    {
        var left = new List<ResidueView>();
        foreach (var held in said.Held.GroupBy(resource => resource.ConversionId).Where(held => !named.Any(conversion => conversion.CorrelationId == held.Key)))
        {
            // What was held when the service looked, and has been released since by the conversion's own end, is not left.
            var conversion = await conversions.GetAsync(held.Key.ToString("N"), cancellationToken);
            if (conversion is null || conversion.EndedAt < said.At)
            {
                left.AddRange(held.Select(resource => new ResidueView
                {
                    Service = said.Service, What = $"{resource.Kind} {resource.Place}", ConversionId = held.Key, State = conversion?.ShownState ?? "unknown",
                    FoundAt = said.At, Remedy = "It is being cleaned up; it is gone from here when its service looks next.",
                }));
            }
        }

        return left;
    }

    private async Task KeepAsync(ResourcesHeld said, CancellationToken cancellationToken)
    {
        while (true)
        {
            var known = await documents.GetAsync(said.Service, cancellationToken);
            if (known?.Said.At > said.At)
            {
                return;
            }

            var document = new HeldDocument { Id = said.Service, Version = known?.Version ?? 0, Said = said };
            if (known is null ? await documents.TryInsertAsync(document, cancellationToken) : await documents.TryReplaceAsync(document, cancellationToken))
            {
                return;
            }
        }
    }
}
