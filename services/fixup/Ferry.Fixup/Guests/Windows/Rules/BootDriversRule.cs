using System.Globalization;
using Ferry.Contracts;
using Ferry.Fixup.Inspection;
using Ferry.Fixup.Planning;
using Ferry.Hives;

namespace Ferry.Fixup.Guests.Windows.Rules;

/// <summary>
/// Drivers of the target's boot path start with the boot, in every control set: Start is 0, and no StartOverride demotes them (Windows 8 and later has one for each driver that the source did not
/// use). Only services that are there, and whose file is there, are changed.
/// </summary>
public sealed class BootDriversRule : WindowsRule
{
    private const string Override = "StartOverride";

    /// <inheritdoc/>
    public override string Id => "windows-boot-drivers";

    /// <inheritdoc/>
    protected override async Task<RulePlan> PlanAsync(RuleContext context, WindowsGuest guest, CancellationToken cancellationToken)
    {
        var files = new WindowsFiles(context.Tree);
        var registry = await context.Hives.EditAsync(guest.SystemHive, cancellationToken);
        var missing = new List<string>();
        foreach (var driver in BootDriver.For(context.Target.Platform, context.Guest.Firmware, guest))
        {
            var present = await files.HasContentAsync($"{guest.SystemRoot}/System32/drivers/{driver.File}", cancellationToken);
            var services = guest.ControlSets.Select(s => registry.Hive.Find($"{s}\\Services\\{driver.Service}")).OfType<HiveKey>().ToList();
            if (driver.IsRequired && (!present || services.All(s => !IsIn(s, guest.CurrentControlSet))))
            {
                missing.Add(present ? $"the service {driver.Service}" : driver.File);
            }

            foreach (var service in present ? services : [])
            {
                if (driver.Start is { } start)
                {
                    registry.SetDWord(service.Path, "Start", start);
                }

                registry.DeleteKey($"{service.Path}\\{Override}");
            }
        }

        var plan = Result("Drivers that the target needs do not start with the boot.", "The drivers that the target needs start with the boot.", registry.Edits);
        return plan with
        {
            Findings = [.. missing.Count == 0 ? Array.Empty<Finding>() : [GuestFindings.HyperVDriversMissing(string.Join(", ", missing))], .. Always(registry.Hive, guest)],
        };
    }

    private static bool IsIn(HiveKey service, string controlSet) => service.Path.StartsWith(controlSet + "\\", StringComparison.OrdinalIgnoreCase);

    /// <summary>What every boot needs is only looked at: where it does not start, something unusual was done on purpose.</summary>
    private static IEnumerable<Finding> Always(Hive hive, WindowsGuest guest)
    {
        foreach (var name in BootDriver.Always)
        {
            if (hive.Find($"{guest.CurrentControlSet}\\Services\\{name}")?.Value("Start") is { Type: HiveValueType.DWord } start && start.GetDWord() != 0)
            {
                yield return GuestFindings.BootDriverNotStarted(string.Create(CultureInfo.InvariantCulture, $"The driver {name} has the start type {start.GetDWord()}; every boot needs it."));
            }
        }
    }
}
