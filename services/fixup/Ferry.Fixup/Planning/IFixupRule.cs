using Ferry.Fixup.Inspection;

namespace Ferry.Fixup.Planning;

/// <summary>One named thing that makes a guest fit a target.</summary>
public interface IFixupRule
{
    /// <summary>Stable id, for example <c>linux-fstab-uuid</c>.</summary>
    string Id { get; }

    /// <summary>Whether it is made for such a guest on such a target.</summary>
    bool Handles(GuestInspection guest, FixupTarget target);

    /// <summary>Looks at the guest as the rules before it leave it, and says what to change.</summary>
    Task<RulePlan> PlanAsync(RuleContext context, CancellationToken cancellationToken);
}
