using Ferry.Fixup.Inspection;
using Ferry.Fixup.Planning;
using Ferry.Hives;

namespace Ferry.Fixup.Guests.Windows.Rules;

/// <summary>VMware's services and drivers are disabled, by exact names, and stay installed: the uninstaller needs them. Its network provider and its start programs go.</summary>
public sealed class VmwareToolsRule : WindowsRule
{
    private const uint Disabled = 4;
    private static readonly string[] Orders = ["Order", "HwOrder"];

    /// <inheritdoc/>
    public override string Id => "windows-vmware-tools";

    /// <inheritdoc/>
    protected override async Task<RulePlan> PlanAsync(RuleContext context, WindowsGuest guest, CancellationToken cancellationToken)
    {
        var system = await context.Hives.EditAsync(guest.SystemHive, cancellationToken);
        foreach (var set in guest.ControlSets)
        {
            foreach (var name in VmwareNames.Services.Concat(VmwareNames.Drivers))
            {
                if (system.Hive.Find($"{set}\\Services\\{name}") is { } service && service.Value("Start") is not null)
                {
                    system.SetDWord(service.Path, "Start", Disabled);
                }
            }

            foreach (var order in Orders)
            {
                PlanOrder(system, $"{set}\\Control\\NetworkProvider\\{order}");
            }
        }

        var software = await context.Hives.EditAsync(guest.SoftwareHive, cancellationToken);
        foreach (var name in VmwareNames.RunValues)
        {
            software.DeleteValue("Microsoft\\Windows\\CurrentVersion\\Run", name);
        }

        var plan = Result("VMware's drivers and services are of no use at the target.", "Nothing of VMware starts.", [.. system.Edits, .. software.Edits]);
        return guest.HasVmwareTools ? plan with { Findings = [GuestFindings.ToolsDisabled("VMware Tools")] } : plan;
    }

    private static void PlanOrder(RegistryEditor registry, string key)
    {
        if (registry.Hive.Find(key)?.Value("ProviderOrder") is not { Type: HiveValueType.Sz or HiveValueType.ExpandSz } value)
        {
            return;
        }

        var names = value.GetString().Split(',');
        var kept = names.Where(n => !string.Equals(n.Trim(), VmwareNames.NetworkProvider, StringComparison.OrdinalIgnoreCase)).ToList();
        if (kept.Count < names.Length)
        {
            registry.Set(key, value.Name, value.Type, HiveData.OfString(string.Join(',', kept)));
        }
    }
}
