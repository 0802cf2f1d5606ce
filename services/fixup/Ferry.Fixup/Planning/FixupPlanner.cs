using Ferry.Contracts;
using Ferry.Contracts.Machines;
using Ferry.Fixup.Guests.Linux;
using Ferry.Fixup.Guests.Linux.Initrd;
using Ferry.Fixup.Guests.Windows;
using Ferry.Fixup.Inspection;
using Ferry.Fixup.Volumes;
using Ferry.Hives;

namespace Ferry.Fixup.Planning;

/// <summary>Asks every rule that knows the guest and the target, and puts their answers together.</summary>
public sealed class FixupPlanner(IReadOnlyList<IFixupRule>? rules = null, VirtioWin? virtio = null)
{
    private readonly IReadOnlyList<IFixupRule> _rules = rules ?? [.. LinuxRules.All, .. WindowsRules.All];

    /// <summary>Makes the plan.</summary>
    /// <exception cref="GuestRefusedException">No rule knows the guest, or a finding forbids to go on.</exception>
    public async Task<FixupPlan> PlanAsync(GuestInspection guest, FixupTarget target, GuestTree tree, string scratch, IProgress<string>? activity, CancellationToken cancellationToken)
    {
        var handling = _rules.Where(r => r.Handles(guest, target)).ToList();
        var known = guest.Family == WindowsRules.Family ? TargetDrivers.None : TargetDrivers.For(target.Platform);
        if (handling.Count == 0 || known is not { } drivers)
        {
            throw new GuestRefusedException([.. guest.Findings, GuestFindings.NotHandled(guest.PrettyName, target.Platform)]);
        }

        var planned = new PlannedVolume(tree.Volume);
        var context = new RuleContext(guest, target, drivers, new GuestTree(planned), scratch)
        {
            Hives = new GuestHives(tree, TimeProvider.System),
            Virtio = virtio ?? new VirtioWin(null),
        };
        return await PlanAllAsync(handling, context, planned, activity, cancellationToken);
    }

    private static async Task<FixupPlan> PlanAllAsync(IEnumerable<IFixupRule> rules, RuleContext context, PlannedVolume planned, IProgress<string>? activity, CancellationToken cancellationToken)
    {
        var plans = new List<RulePlan>();
        try
        {
            foreach (var rule in rules)
            {
                activity?.Report(rule.Id);
                var made = await PlanRuleAsync(rule, context, cancellationToken);
                await context.Hives.ApplyAsync(made.Registry, cancellationToken);
                foreach (var edit in made.Edits)
                {
                    await planned.AddAsync(edit, cancellationToken);
                }

                plans.Add(made);
            }

            var (hives, space) = await context.Hives.SaveAsync(cancellationToken);
            return new FixupPlan(plans, [.. context.Guest.Findings, .. Generation(context.Guest, context.Target), .. plans.SelectMany(p => p.Findings), .. space]) { HiveFiles = hives };
        }
        catch (HiveException e)
        {
            // A hive that one rule cannot read or edit is none that the others may write.
            throw new GuestRefusedException([.. context.Guest.Findings, GuestFindings.Hive(e)]);
        }
    }

    private static async Task<RulePlan> PlanRuleAsync(IFixupRule rule, RuleContext context, CancellationToken cancellationToken)
    {
        try
        {
            return await rule.PlanAsync(context, cancellationToken);
        }
        catch (GuestVolumeException e)
        {
            return new RulePlan { Rule = rule.Id, Reason = e.Message, Findings = [GuestFindings.FileUnusable($"{rule.Id}: {e.Message}")] };
        }
        catch (InitrdException e)
        {
            return new RulePlan { Rule = rule.Id, Reason = e.Message, Findings = [GuestFindings.InitrdNotPatchable("The initial RAM disk", e.Message)] };
        }
    }

    private static IEnumerable<Finding> Generation(GuestInspection guest, FixupTarget target) => (target.Platform, target.Generation, guest.Firmware) switch
    {
        ("hyperv", 1, Firmware.Uefi) => [GuestFindings.FirmwareMismatch(FindingSeverity.Error, "The guest boots with UEFI, which generation 1 does not have.")],
        ("hyperv", 2, Firmware.Bios) => [GuestFindings.FirmwareMismatch(FindingSeverity.Error, "The guest boots with BIOS, which generation 2 does not have.")],
        _ => [],
    };
}
