using Ferry.Hosting;
using Ferry.Hosting.Documents;

namespace Ferry.Transfer.Bandwidth;

/// <summary>
/// Keeps this process at its share of the limits. Replicas share a limit by leased documents: each writes once a second which limits its running jobs are under, and has the
/// limit's rate divided by the number of replicas that do. The sum never stays above the limit; for the second in which a replica joins it may be, and a replica that died keeps
/// its share from the others until its lease ends. A replica that has less to do than its share leaves the rest unused.
/// </summary>
public sealed class LimitsKeeper(LimitsStore limits, BandwidthScheduler scheduler, IDocumentStore store, TimeProvider time, ILogger<LimitsKeeper> logger)
    : RepeatedService(TimeSpan.FromSeconds(1), time)
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(5);
    private readonly IDocumentCollection<ShareDocument> shares = store.Collection<ShareDocument>(ShareDocument.Collection);
    private readonly string replica = $"{Environment.MachineName}/{Environment.ProcessId}/{Guid.NewGuid():N}";
    private readonly SemaphoreSlim gate = new(1, 1);
    private volatile LimitsBook book = LimitsBook.Empty;
    private bool shared;

    /// <summary>The limits as this process knows them.</summary>
    public LimitsBook Book => book;

    /// <summary>Looks at the limits and the other replicas now.</summary>
    public async Task RefreshAsync(CancellationToken cancellationToken)
    {
        await gate.WaitAsync(cancellationToken);
        try
        {
            var current = await limits.GetAsync(cancellationToken);
            if (current.Revision != book.Limits.Revision)
            {
                book = LimitsBook.Read(current);
            }

            var used = scheduler.UsedLimits;
            var now = await store.GetTimeAsync(cancellationToken);
            var others = await ShareAsync(used, now, cancellationToken);
            var wall = Time.GetUtcNow();
            TransferTelemetry.Observe(book.RatesAt(wall));
            scheduler.SetRates(used.ToDictionary(name => name, name => book.RateAt(name, wall) / (1 + others.Count(other => other.Limits.Contains(name)))));
        }
        finally
        {
            gate.Release();
        }
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        gate.Dispose();
        base.Dispose();
    }

    /// <inheritdoc/>
    protected override Task RoundAsync(bool first, CancellationToken stoppingToken) => RefreshAsync(stoppingToken);

    /// <inheritdoc/>
    protected override void RoundFailed(Exception exception) => Log.LimitsNotRead(logger, exception); // The rates stay as they were.

    /// <inheritdoc/>
    protected override async Task StoppingAsync()
    {
        if (shared)
        {
            await shares.DeleteAsync(replica, CancellationToken.None);
        }
    }

    // Only a replica that moves bytes writes; an idle installation has no traffic of its own.
    private async Task<IReadOnlyList<ShareDocument>> ShareAsync(IReadOnlyCollection<string> used, DateTimeOffset now, CancellationToken cancellationToken)
    {
        System.Diagnostics.Activity.Current = null;
        if (used.Count == 0)
        {
            if (shared)
            {
                await shares.DeleteAsync(replica, cancellationToken);
                shared = false;
            }

            return [];
        }

        var update = DocumentUpdate.Set("limits", used.Order(StringComparer.Ordinal).ToArray()).AndSet("expiresAt", now + Lease);
        if (await shares.UpdateFirstAsync(DocumentQuery.Where("id", replica), update, cancellationToken) is null)
        {
            await shares.TryInsertAsync(new ShareDocument { Id = replica, Limits = [.. used], ExpiresAt = now + Lease }, cancellationToken);
        }

        shared = true;
        await shares.DeleteManyAsync(DocumentQuery.Where("expiresAt", Comparison.Less, now - (10 * Lease)), cancellationToken);
        return [.. (await shares.QueryAsync(DocumentQuery.Where("expiresAt", Comparison.Greater, now), cancellationToken)).Where(share => share.Id != replica)];
    }
}
