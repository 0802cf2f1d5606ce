using Ferry.Fixup.Inspection;
using Ferry.Fixup.Planning;

namespace Ferry.Fixup.Guests.Linux.Rules;

/// <summary>dracut puts the target's drivers into initial RAM disks that the guest builds later (RHEL, Fedora, SUSE, newer Ubuntu).</summary>
public sealed class DracutDropInRule : IFixupRule
{
    private const string Folder = "/etc/dracut.conf.d";

    /// <inheritdoc/>
    public string Id => "linux-dracut-dropin";

    /// <inheritdoc/>
    public bool Handles(GuestInspection guest, FixupTarget target) => LinuxRules.Handles(guest, target);

    /// <inheritdoc/>
    public async Task<RulePlan> PlanAsync(RuleContext context, CancellationToken cancellationToken)
    {
        if (!await context.Tree.IsDirectoryAsync("/usr/lib/dracut", cancellationToken) && !await context.Tree.IsDirectoryAsync("/usr/share/dracut", cancellationToken))
        {
            return new RulePlan { Rule = Id, Reason = "The guest does not use dracut." };
        }

        // The blanks inside the quotes are part of dracut's format: lists are put together as text.
        var drivers = string.Join(' ', context.Drivers.All);
        var content = $"# Made by ferry: drivers of the platform that this machine was moved to.\nadd_drivers+=\" {drivers} \"\n";
        var edit = await OwnFile.PlanAsync(context, Id, $"{Folder}/90-ferry.conf", content, OwnFile.Readable, "adds " + drivers, cancellationToken);
        return new RulePlan
        {
            Rule = Id,
            Reason = edit is null ? "dracut has the target's drivers already." : "Initial RAM disks that the guest builds later need the target's drivers.",
            Edits = edit is null ? [] : [edit],
        };
    }
}
