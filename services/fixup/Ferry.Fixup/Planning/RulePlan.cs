using Ferry.Contracts;
using Ferry.Contracts.Conversions;

namespace Ferry.Fixup.Planning;

/// <summary>What one rule has found and will do.</summary>
public sealed record RulePlan
{
    /// <summary>Id of the rule.</summary>
    public required string Rule { get; init; }

    /// <summary>Why it applies or does not.</summary>
    public required string Reason { get; init; }

    /// <summary>What it writes; empty when nothing is to do.</summary>
    public IReadOnlyList<GuestEdit> Edits { get; init; } = [];

    /// <summary>What it changes in registry hives; they are written once, when all rules have planned.</summary>
    public IReadOnlyList<RegistryEdit> Registry { get; init; } = [];

    /// <summary>What the operator should know.</summary>
    public IReadOnlyList<Finding> Findings { get; init; } = [];

    /// <summary>Whether it changes something.</summary>
    public bool Applies => Edits.Count > 0 || Registry.Count > 0;

    /// <summary>What the report says.</summary>
    public IEnumerable<GuestChange> Changes =>
        [.. Edits.SelectMany(e => e.Changes), .. Registry.Select(r => new GuestChange { Rule = Rule, Path = r.Hive, Summary = r.Summary })];
}
