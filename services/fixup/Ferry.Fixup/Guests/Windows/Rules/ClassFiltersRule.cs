using Ferry.Fixup.Planning;
using Ferry.Hives;

namespace Ferry.Fixup.Guests.Windows.Rules;

/// <summary>Filters of device classes that the boot needs name drivers that can start: one that is gone or disabled keeps every device of the class from starting.</summary>
public sealed class ClassFiltersRule : WindowsRule
{
    private const uint Disabled = 4;
    private static readonly string[] Lists = ["UpperFilters", "LowerFilters"];

    /// <summary>DiskDrive, HDC, SCSIAdapter, System, Volume, and Mouse for what guest tools leave there.</summary>
    private static readonly string[] Classes =
    [
        "{4d36e967-e325-11ce-bfc1-08002be10318}", "{4d36e96a-e325-11ce-bfc1-08002be10318}", "{4d36e97b-e325-11ce-bfc1-08002be10318}",
        "{4d36e97d-e325-11ce-bfc1-08002be10318}", "{71a27cdd-812a-11d0-bec7-08002be2092f}", "{4d36e96f-e325-11ce-bfc1-08002be10318}",
    ];

    /// <inheritdoc/>
    public override string Id => "windows-class-filters";

    /// <inheritdoc/>
    protected override async Task<RulePlan> PlanAsync(RuleContext context, WindowsGuest guest, CancellationToken cancellationToken)
    {
        var files = new WindowsFiles(context.Tree);
        var registry = await context.Hives.EditAsync(guest.SystemHive, cancellationToken);
        foreach (var set in guest.ControlSets)
        {
            foreach (var key in Classes.Select(c => $"{set}\\Control\\Class\\{c}"))
            {
                foreach (var list in Lists)
                {
                    await PlanListAsync(registry, files, guest, set, key, list, cancellationToken);
                }
            }
        }

        return Result("Filters name drivers that are gone or disabled.", "Filters name drivers that can start.", registry.Edits);
    }

    private static async Task PlanListAsync(
        RegistryEditor registry, WindowsFiles files, WindowsGuest guest, string set, string key, string list, CancellationToken cancellationToken)
    {
        if (registry.Hive.Find(key)?.Value(list) is not { Type: HiveValueType.MultiSz or HiveValueType.Sz } value)
        {
            return;
        }

        var names = value.GetStrings();
        var good = new List<string>();
        foreach (var name in names)
        {
            if (await CanStartAsync(registry.Hive.Find($"{set}\\Services\\{name}"), files, guest, cancellationToken))
            {
                good.Add(name);
            }
        }

        if (good.Count == 0 && names.Count > 0)
        {
            registry.DeleteValue(key, list);
        }
        else if (good.Count < names.Count)
        {
            registry.SetStrings(key, list, good);
        }
    }

    /// <summary>A file on a volume that is not looked at counts as there: only what is known to dangle is removed.</summary>
    private static async Task<bool> CanStartAsync(HiveKey? service, WindowsFiles files, WindowsGuest guest, CancellationToken cancellationToken) =>
        service is not null
        && (service.Value("Start") is not { Type: HiveValueType.DWord } start || start.GetDWord() != Disabled)
        && (DriverFiles.PathOf(service, guest.SystemRoot) is not { } file || await files.HasContentAsync(file, cancellationToken));
}
