using Ferry.Fixup.Inspection;
using Ferry.Fixup.Planning;

namespace Ferry.Fixup.Guests.Windows.Rules;

/// <summary>A rule for the versions of Windows that are handled.</summary>
public abstract class WindowsRule : IFixupRule
{
    internal const string HyperV = "hyperv";
    internal const string Kvm = "kvm";
    internal const string Azure = "azure";

    /// <inheritdoc/>
    public abstract string Id { get; }

    /// <summary>Platforms that it is for.</summary>
    protected virtual IReadOnlyList<string> Platforms => [HyperV, Kvm, Azure];

    /// <inheritdoc/>
    public bool Handles(GuestInspection guest, FixupTarget target) =>
        guest is { Family: WindowsRules.Family, Windows: { } windows } && WindowsVersions.IsHandled(windows) && Platforms.Contains(target.Platform);

    /// <inheritdoc/>
    public Task<RulePlan> PlanAsync(RuleContext context, CancellationToken cancellationToken) => PlanAsync(context, context.Guest.Windows!, cancellationToken);

    /// <summary>Looks, and says what to change.</summary>
    protected abstract Task<RulePlan> PlanAsync(RuleContext context, WindowsGuest guest, CancellationToken cancellationToken);

    /// <summary>The plan of a rule that edits registries.</summary>
    protected RulePlan Result(string needed, string notNeeded, params IEnumerable<RegistryEdit> edits)
    {
        var registry = edits.ToList();
        return new RulePlan { Rule = Id, Reason = registry.Count > 0 ? needed : notNeeded, Registry = registry };
    }
}
