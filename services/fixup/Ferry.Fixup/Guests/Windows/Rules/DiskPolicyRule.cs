using Ferry.Fixup.Planning;

namespace Ferry.Fixup.Guests.Windows.Rules;

/// <summary>Data disks come online on the new controller (SAN policy OnlineAll).</summary>
public sealed class DiskPolicyRule : WindowsRule
{
    private const uint OnlineAll = 1;

    /// <inheritdoc/>
    public override string Id => "windows-disk-policy";

    /// <inheritdoc/>
    protected override async Task<RulePlan> PlanAsync(RuleContext context, WindowsGuest guest, CancellationToken cancellationToken)
    {
        var registry = await context.Hives.EditAsync(guest.SystemHive, cancellationToken);
        foreach (var set in guest.ControlSets.Where(s => registry.Hive.Find($"{s}\\Services\\partmgr") is not null))
        {
            registry.SetDWord($"{set}\\Services\\partmgr\\Parameters", "SanPolicy", OnlineAll);
        }

        return Result("Disks on a new controller would stay offline.", "Disks come online by themselves.", registry.Edits);
    }
}
