using Ferry.Contracts;
using Ferry.Contracts.Conversions;
using Ferry.Fixup.Inspection;
using Ferry.Fixup.Planning;

namespace Ferry.Fixup.Engine;

/// <summary>What a run has found, and done.</summary>
/// <param name="Guest">The inspection.</param>
/// <param name="Plan">The plan; null when only the inspection was possible (see the findings).</param>
/// <param name="Applied">Whether it was carried out and verified.</param>
/// <param name="Findings">Findings, worst first.</param>
public sealed record FixupResult(GuestInspection Guest, FixupPlan? Plan, bool Applied, IReadOnlyList<Finding> Findings)
{
    /// <summary>The guest's part of the conversion's report.</summary>
    public GuestReport ToReport() => new()
    {
        Family = Guest.Family,
        Distribution = Guest.Distribution,
        Version = Guest.Version,
        Changes = Applied && Plan is not null ? [.. Plan.Changes] : [],
    };
}
