using Ferry.Transfer.Bandwidth;

namespace Ferry.Transfer.Jobs;

/// <summary>What a run moves now.</summary>
/// <param name="Flow">Its traffic.</param>
/// <param name="Slots">Its connections.</param>
/// <param name="Limits">Names of the limits that it is under.</param>
internal sealed record RunTarget(BandwidthFlow Flow, RunSlots Slots, IReadOnlyList<string> Limits);
