using Ferry.Transfer.Slots;

namespace Ferry.Transfer.Fetching;

/// <summary>The connections that a run may use.</summary>
public interface IConnectionSlots
{
    /// <summary>Those it has, that no connection uses yet; at least one at the start.</summary>
    IReadOnlyList<SlotLease> TakeHeld();

    /// <summary>One more, when there is one for this job; null otherwise.</summary>
    Task<SlotLease?> TryTakeAsync(CancellationToken cancellationToken);

    /// <summary>Gives one back.</summary>
    Task GiveBackAsync(SlotLease lease);
}
