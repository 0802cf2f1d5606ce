using Ferry.Fixup.Inspection;
using Ferry.Fixup.Planning;

namespace Ferry.Fixup.Guests.Linux.Rules;

/// <summary>open-vm-tools stays: its units start on VMware only, and removing a package needs the guest's own package manager.</summary>
public sealed class OpenVmToolsRule : IFixupRule
{
    /// <inheritdoc/>
    public string Id => "linux-open-vm-tools";

    /// <inheritdoc/>
    public bool Handles(GuestInspection guest, FixupTarget target) => LinuxRules.Handles(guest, target);

    /// <inheritdoc/>
    public async Task<RulePlan> PlanAsync(RuleContext context, CancellationToken cancellationToken) =>
        await context.Tree.IsFileAsync("/usr/bin/vmtoolsd", cancellationToken)
            ? new RulePlan { Rule = Id, Reason = "open-vm-tools is installed and harmless.", Findings = [GuestFindings.ToolsHarmless()] }
            : new RulePlan { Rule = Id, Reason = "open-vm-tools is not installed." };
}
