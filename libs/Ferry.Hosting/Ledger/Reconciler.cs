using Ferry.Contracts.Cleanup;
using Ferry.Hosting.Documents;
using Ferry.Hosting.Jobs;
using Ferry.Hosting.Outbox;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Ferry.Hosting.Ledger;

/// <summary>
/// Tells, at start and every hour, what a service's ledger holds. Whether a conversion still needs it only the orchestrator knows; it has the rest cleaned up.
/// What the ledger does not name is told too, and never removed. Jobs that were released long ago are removed at the same time.
/// </summary>
internal sealed class Reconciler(
    ServiceDocuments documents, IEnumerable<IStrayFinder> finders, JobPruner pruner, OutboxDispatcher dispatcher, JobOptions options, TimeProvider time, ILogger<Reconciler> logger)
    : BackgroundService
{
    private const int MostHeld = 500;
    private const int MostStrays = 100;

    /// <summary>Looks and tells once.</summary>
    public async Task TellAsync(CancellationToken cancellationToken)
    {
        // The folders first: what is made in between is in the ledger by the time that is read.
        var found = finders.SelectMany(finder => finder.Find()).ToArray();
        var held = await documents.Ledger.QueryAsync(DocumentQuery.All.OrderBy("recordedAt").Limit(MostHeld), cancellationToken).ConfigureAwait(false);
        var strays = new List<StrayResource>();
        foreach (var stray in found)
        {
            var named = DocumentQuery.Where("place", stray.Place);
            if (strays.Count < MostStrays && await documents.Ledger.CountAsync(named, cancellationToken).ConfigureAwait(false) == 0)
            {
                strays.Add(stray);
            }
        }

        var now = time.GetUtcNow();
        var message = new ResourcesHeld
        {
            Service = documents.Service,
            At = now,
            Held = [.. held.Select(entry => new HeldResource { ConversionId = entry.ConversionId, Kind = entry.Kind, Place = entry.Place, RecordedAt = entry.RecordedAt })],
            Strays = strays,
        };
        await dispatcher.SendAsync(PendingMessage.Event(message, now), cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        var soon = TimeSpan.FromSeconds(Math.Min(10, options.ReconcileSeconds));
        var wait = TimeSpan.Zero;
        while (!stoppingToken.IsCancellationRequested)
        {
            await Task.Delay(wait, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            try
            {
                await TellAsync(stoppingToken).ConfigureAwait(false);
                await pruner.PruneAsync(stoppingToken).ConfigureAwait(false);
                wait = TimeSpan.FromSeconds(options.ReconcileSeconds);
            }
#pragma warning disable CA1031 // Store or broker are away: again soon.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                wait = soon;
                if (!stoppingToken.IsCancellationRequested)
                {
                    Log.ReconcileFailed(logger, exception, documents.Service);
                }
            }
        }
    }
}
