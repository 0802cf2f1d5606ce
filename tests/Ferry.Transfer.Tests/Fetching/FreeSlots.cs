using Ferry.Transfer.Fetching;
using Ferry.Transfer.Slots;

namespace Ferry.Transfer.Tests.Fetching;

/// <summary>As many slots as there are connections.</summary>
internal sealed class FreeSlots(int count) : IConnectionSlots
{
    private readonly List<SlotLease> leases = [.. Enumerable.Range(0, count).Select(_ => new SlotLease("host:80", ("h", 1), ("*", 1), DateTimeOffset.UnixEpoch))];

    public IReadOnlyList<SlotLease> TakeHeld() => leases;

    public Task<SlotLease?> TryTakeAsync(CancellationToken cancellationToken) => Task.FromResult<SlotLease?>(null);

    public Task GiveBackAsync(SlotLease lease) => Task.CompletedTask;

    public void RevokeAll(bool now)
    {
        foreach (var lease in leases.Where(_ => now))
        {
            lease.Revoke();
        }
    }
}
