using Ferry.Fixup.Planning;

namespace Ferry.Fixup.Guests.Windows.Rules;

/// <summary>What Azure asks of Windows: the clock in UTC, DHCP's service by itself, remote desktop allowed.</summary>
public sealed class AzureSettingsRule : WindowsRule
{
    private const uint Automatic = 2;

    /// <inheritdoc/>
    public override string Id => "windows-azure-settings";

    /// <inheritdoc/>
    protected override IReadOnlyList<string> Platforms => [Azure];

    /// <inheritdoc/>
    protected override async Task<RulePlan> PlanAsync(RuleContext context, WindowsGuest guest, CancellationToken cancellationToken)
    {
        var registry = await context.Hives.EditAsync(guest.SystemHive, cancellationToken);
        foreach (var set in guest.ControlSets)
        {
            registry.SetDWord($"{set}\\Control\\TimeZoneInformation", "RealTimeIsUniversal", 1);
            registry.SetDWord($"{set}\\Control\\Terminal Server", "fDenyTSConnections", 0);
            if (registry.Hive.Find($"{set}\\Services\\Dhcp") is { } dhcp)
            {
                registry.SetDWord(dhcp.Path, "Start", Automatic);
            }
        }

        return Result("Settings that Azure needs are missing.", "The settings that Azure needs are there.", registry.Edits);
    }
}
