using Ferry.Contracts;
using Ferry.Contracts.Machines;
using Ferry.Fixup.Inspection;
using Ferry.Fixup.Planning;

namespace Ferry.Fixup.Guests.Windows.Rules;

/// <summary>Refuses versions that cannot run at the target. Changes nothing.</summary>
public sealed class SupportedWindowsRule : IFixupRule
{
    /// <inheritdoc/>
    public string Id => "windows-supported";

    /// <inheritdoc/>
    public bool Handles(GuestInspection guest, FixupTarget target) =>
        guest is { Family: WindowsRules.Family, Windows: not null } && target.Platform is WindowsRule.HyperV or WindowsRule.Kvm or WindowsRule.Azure;

    /// <inheritdoc/>
    public Task<RulePlan> PlanAsync(RuleContext context, CancellationToken cancellationToken)
    {
        var findings = Findings(context).ToList();
        return Task.FromResult(new RulePlan { Rule = Id, Reason = findings.Count == 0 ? "The version can run at the target." : findings[0].Message, Findings = findings });
    }

    private static IEnumerable<Finding> Findings(RuleContext context)
    {
        var guest = context.Guest.Windows!;
        if (!WindowsVersions.IsHandled(guest))
        {
            yield return GuestFindings.UnsupportedWindows(context.Guest.PrettyName, $"({guest.Version}, build {guest.Build}) is older than Windows 7 and 2008 R2.");
        }
        else if (context.Guest.Firmware == Firmware.Uefi && context.Target.Platform != WindowsRule.Kvm && (!guest.IsWindows8OrLater || context.Guest.Architecture == "i386"))
        {
            yield return GuestFindings.UnsupportedWindows(context.Guest.PrettyName, "boots with UEFI, and generation 2 runs 64-bit Windows 8, 2012 and later only.");
        }
    }
}
