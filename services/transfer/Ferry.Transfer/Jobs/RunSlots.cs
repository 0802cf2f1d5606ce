using Ferry.Transfer.Fetching;
using Ferry.Transfer.Slots;

namespace Ferry.Transfer.Jobs;

/// <summary>The connections of one run, for one source host. What is given back goes to the job that waits most. Safe for concurrent use.</summary>
internal sealed class RunSlots(SlotPool pool, Func<TransferJobDocument> job, string host, SlotLease first, Func<TransferJobDocument, Task> wake) : IConnectionSlots, IAsyncDisposable
{
    private readonly Lock gate = new();
    private readonly List<SlotLease> held = [first];

    /// <summary>Host and port of the source.</summary>
    public string Host => host;

    /// <inheritdoc/>
    public IReadOnlyList<SlotLease> TakeHeld()
    {
        lock (gate)
        {
            return [.. held];
        }
    }

    /// <inheritdoc/>
    public async Task<SlotLease?> TryTakeAsync(CancellationToken cancellationToken)
    {
        if ((await pool.TryTakeAsync(job(), host, cancellationToken)).Lease is not { } lease)
        {
            return null;
        }

        lock (gate)
        {
            held.Add(lease);
        }

        TransferTelemetry.CountConnection(1);

        return lease;
    }

    /// <inheritdoc/>
    public async Task GiveBackAsync(SlotLease lease)
    {
        lock (gate)
        {
            if (!held.Remove(lease))
            {
                return;
            }
        }

        TransferTelemetry.CountConnection(-1);
        await pool.GiveBackAsync(lease, CancellationToken.None);
        if (await pool.NextAsync(host, CancellationToken.None) is { } next && next.Id != job().Id)
        {
            await wake(next);
        }
    }

    /// <summary>Renews what is held.</summary>
    public async Task RenewAsync(CancellationToken cancellationToken)
    {
        foreach (var lease in Held())
        {
            await pool.RenewAsync(lease, cancellationToken);
        }
    }

    /// <summary>Asks a connection back when another job needs it more.</summary>
    public async Task GiveWayAsync(CancellationToken cancellationToken)
    {
        var leases = Held().Where(lease => !lease.Revoked).ToArray();
        if (leases.Length > 0 && await pool.IsNeededAsync(job(), host, leases.Length, leases.Min(lease => lease.Since), cancellationToken))
        {
            leases[^1].Revoke();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var lease in Held())
        {
            await GiveBackAsync(lease);
        }
    }

    private SlotLease[] Held()
    {
        lock (gate)
        {
            return [.. held];
        }
    }
}
