using Ferry.Contracts;
using Ferry.Contracts.Conversions;

namespace Ferry.Fixup.Planning;

/// <summary>Everything that makes a guest fit a target, in order. Pure data.</summary>
/// <param name="Rules">One entry for each rule that knows the guest and the target.</param>
/// <param name="Findings">Findings of inspection and rules.</param>
public sealed record FixupPlan(IReadOnlyList<RulePlan> Rules, IReadOnlyList<Finding> Findings)
{
    /// <summary>Whether nothing is to do.</summary>
    public bool IsEmpty => Rules.All(r => !r.Applies);

    /// <summary>Registry hives as all rules together leave them, each followed by its emptied logs. Written in this order, behind everything else.</summary>
    public IReadOnlyList<GuestEdit> HiveFiles { get; init; } = [];

    /// <summary>All edits.</summary>
    public IEnumerable<GuestEdit> Edits => [.. Rules.SelectMany(r => r.Edits), .. HiveFiles];

    /// <summary>The last edit of each path: what the guest holds when all are done.</summary>
    public IEnumerable<GuestEdit> Outcome => Edits.GroupBy(e => e.Path).Select(g => g.Last());

    /// <summary>What the report says.</summary>
    public IEnumerable<GuestChange> Changes => Rules.SelectMany(r => r.Changes);

    /// <summary>Whether a finding forbids it.</summary>
    public bool IsRefused => Findings.Any(f => f.Severity == FindingSeverity.Error);
}
