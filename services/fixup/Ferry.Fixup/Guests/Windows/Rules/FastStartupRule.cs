using Ferry.Fixup.Planning;
using Ferry.Hives;

namespace Ferry.Fixup.Guests.Windows.Rules;

/// <summary>Fast startup stays off, so that the machine can be captured again.</summary>
public sealed class FastStartupRule : WindowsRule
{
    private const string Name = "HiberbootEnabled";

    /// <inheritdoc/>
    public override string Id => "windows-fast-startup";

    /// <inheritdoc/>
    protected override async Task<RulePlan> PlanAsync(RuleContext context, WindowsGuest guest, CancellationToken cancellationToken)
    {
        var registry = await context.Hives.EditAsync(guest.SystemHive, cancellationToken);
        foreach (var key in guest.ControlSets.Select(s => $"{s}\\Control\\Session Manager\\Power"))
        {
            if (registry.Hive.Find(key)?.Value(Name) is { Type: HiveValueType.DWord })
            {
                registry.SetDWord(key, Name, 0);
            }
        }

        return Result("Windows would hibernate instead of shutting down.", "Fast startup is off.", registry.Edits);
    }
}
