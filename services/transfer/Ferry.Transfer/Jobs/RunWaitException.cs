using Ferry.Contracts;

namespace Ferry.Transfer.Jobs;

/// <summary>A run cannot go on now, and nothing failed: it waits for a slot, a window or room.</summary>
/// <param name="waitingFor">What for.</param>
/// <param name="wait">How long until it looks again, if nobody wakes it.</param>
/// <param name="slotScope">The scope of the slot that it waits for, or null.</param>
internal sealed class RunWaitException(WaitingFor waitingFor, TimeSpan wait, string? slotScope = null) : Exception(waitingFor.Detail)
{
    public WaitingFor WaitingFor { get; } = waitingFor;

    public TimeSpan Wait { get; } = wait;

    public string? SlotScope { get; } = slotScope;
}
