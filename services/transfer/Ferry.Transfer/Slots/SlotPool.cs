using System.Globalization;
using Ferry.Hosting.Documents;
using Ferry.Hosting.Jobs;
using Ferry.Transfer.Bandwidth;
using Ferry.Transfer.Jobs;
using Microsoft.Extensions.Options;

namespace Ferry.Transfer.Slots;

/// <summary>
/// Leases connections, over all replicas: at most so many to one source host, and so many in all. A job that waits is written in its own document; whoever holds slots gives way to
/// it (<see cref="IsNeededAsync"/>), and nobody takes one past a waiting job of a higher priority, or of the same one that has waited longer. Safe for concurrent use.
/// </summary>
public sealed class SlotPool(IDocumentStore store, TransferJobStore jobs, LimitsKeeper limits, IOptions<TransferOptions> options, IOptions<JobOptions> leases)
{
    /// <summary>The scope of all sources.</summary>
    public const string Everywhere = "*";

    private readonly IDocumentCollection<SlotDocument> slots = store.Collection<SlotDocument>(SlotDocument.Collection);

    private TimeSpan Lease => TimeSpan.FromSeconds(leases.Value.LeaseSeconds);

    /// <summary>Takes a connection.</summary>
    /// <param name="job">The job that wants it.</param>
    /// <param name="host">Host and port of its source.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>The lease, or the scope in which nothing is free for this job.</returns>
    public async Task<(SlotLease? Lease, string Missing)> TryTakeAsync(TransferJobDocument job, string host, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(job);
        ArgumentException.ThrowIfNullOrEmpty(host);
        System.Diagnostics.Activity.Current = null;
        foreach (var scope in new[] { host, Everywhere })
        {
            if (await IsOvertakingAsync(job, scope, cancellationToken))
            {
                return (null, scope);
            }
        }

        if (await TakeAsync(host, job.Id, cancellationToken) is not { } slot)
        {
            return (null, host);
        }

        if (await TakeAsync(Everywhere, job.Id, cancellationToken) is not { } everywhere)
        {
            await GiveBackAsync((slot.Id, slot.Epoch), cancellationToken);
            return (null, Everywhere);
        }

        return (new SlotLease(host, (slot.Id, slot.Epoch), (everywhere.Id, everywhere.Epoch), await store.GetTimeAsync(cancellationToken)), "");
    }

    /// <summary>Renews a lease; one that is lost, or whose number is above a limit that was lowered, is revoked.</summary>
    public async Task RenewAsync(SlotLease lease, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(lease);
        System.Diagnostics.Activity.Current = null;
        var until = await store.GetTimeAsync(cancellationToken) + Lease;
        foreach (var (id, epoch) in new[] { lease.HostSlot, lease.Everywhere })
        {
            var query = DocumentQuery.Where("id", id).And("epoch", epoch);
            if (await slots.UpdateFirstAsync(query, DocumentUpdate.Set("claimableAt", until), cancellationToken) is not { } slot || slot.Number >= Limit(slot.Scope))
            {
                lease.Revoke();
            }
        }
    }

    /// <summary>Gives a connection back.</summary>
    public async Task GiveBackAsync(SlotLease lease, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(lease);
        System.Diagnostics.Activity.Current = null;
        await GiveBackAsync(lease.HostSlot, cancellationToken);
        await GiveBackAsync(lease.Everywhere, cancellationToken);
    }

    /// <summary>
    /// Whether a job should give one of its connections to a waiting one: to a higher priority always; to the same priority when it holds several, or has held its last one for
    /// <see cref="TransferOptions.TurnTime"/>.
    /// </summary>
    public async Task<bool> IsNeededAsync(TransferJobDocument job, string host, int held, DateTimeOffset since, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(job);
        System.Diagnostics.Activity.Current = null;
        var now = await store.GetTimeAsync(cancellationToken);
        var givesWayToEquals = held > 1 || now - since > options.Value.TurnTime;
        foreach (var scope in new[] { host, Everywhere })
        {
            if ((await WaitingAsync(scope, now, job.Rank, cancellationToken)).Any(other => other.Id != job.Id && (other.Rank < job.Rank || givesWayToEquals)))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The job that should have the next free slot of a host, or null.</summary>
    public async Task<TransferJobDocument?> NextAsync(string host, CancellationToken cancellationToken)
    {
        System.Diagnostics.Activity.Current = null;
        var now = await store.GetTimeAsync(cancellationToken);
        var waiting = await WaitingAsync(host, now, int.MaxValue, cancellationToken);
        var everywhere = await WaitingAsync(Everywhere, now, int.MaxValue, cancellationToken);
        return waiting.Concat(everywhere).OrderBy(job => job.Rank).ThenBy(job => job.SlotWaitSince).FirstOrDefault();
    }

    private async Task<bool> IsOvertakingAsync(TransferJobDocument job, string scope, CancellationToken cancellationToken)
    {
        var now = await store.GetTimeAsync(cancellationToken);
        var since = job.WaitsForSlot is null ? DateTimeOffset.MaxValue : job.SlotWaitSince;
        return (await WaitingAsync(scope, now, job.Rank, cancellationToken))
            .Any(other => other.Id != job.Id && (other.Rank < job.Rank || other.SlotWaitSince < since));
    }

    private async Task<IReadOnlyList<TransferJobDocument>> WaitingAsync(string scope, DateTimeOffset now, int rank, CancellationToken cancellationToken) =>
        await jobs.Documents.QueryAsync(
            DocumentQuery.Where("waitsForSlot", scope).And("rank", Comparison.LessOrEqual, rank).And("slotWaitUntil", Comparison.Greater, now).OrderBy("rank").OrderBy("slotWaitSince").Limit(4),
            cancellationToken);

    private async Task<SlotDocument?> TakeAsync(string scope, string holder, CancellationToken cancellationToken)
    {
        var limit = Limit(scope);
        var now = await store.GetTimeAsync(cancellationToken);
        var free = DocumentQuery.Where("scope", scope).And("claimableAt", Comparison.LessOrEqual, now).And("number", Comparison.Less, limit).OrderBy("number");
        var take = DocumentUpdate.Set("holder", holder).AndSet("claimableAt", now + Lease).AndIncrement("epoch", 1);
        while (true)
        {
            if (await slots.UpdateFirstAsync(free, take, cancellationToken) is { } slot)
            {
                return slot;
            }

            // Slots are made when they are needed first.
            var number = (int)await slots.CountAsync(DocumentQuery.Where("scope", scope), cancellationToken);
            if (number >= limit)
            {
                return null;
            }

            var made = new SlotDocument
            {
                Id = string.Create(CultureInfo.InvariantCulture, $"{scope}/{number}"), Scope = scope, Number = number, Holder = holder, Epoch = 1, ClaimableAt = now + Lease,
            };
            if (await slots.TryInsertAsync(made, cancellationToken))
            {
                return made;
            }
        }
    }

    private async Task GiveBackAsync((string Id, long Epoch) slot, CancellationToken cancellationToken) => await slots.UpdateFirstAsync(
        DocumentQuery.Where("id", slot.Id).And("epoch", slot.Epoch),
        DocumentUpdate.Set("claimableAt", DateTimeOffset.UnixEpoch).AndSet("holder", "").AndIncrement("epoch", 1),
        cancellationToken);

    private int Limit(string scope) => scope == Everywhere
        ? limits.Book.Limits.MaxConnections ?? options.Value.MaxConnections
        : limits.Book.Limits.MaxConnectionsPerHost ?? options.Value.MaxConnectionsPerHost;
}
