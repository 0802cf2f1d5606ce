using System.Globalization;
using Ferry.Contracts;
using Ferry.Contracts.Machines;
using Ferry.Fixup.Inspection;
using Ferry.Fixup.Planning;
using Ferry.Hives;
using Ferry.Hives.Bcd;

namespace Ferry.Fixup.Guests.Windows.Rules;

/// <summary>
/// The boot configuration store starts Windows the way the firmware does, from a partition that is there; disks keep their ids, so its devices stay right. For Azure the emergency console on the first
/// serial port is switched on.
/// </summary>
public sealed class BootStoreRule : WindowsRule
{
    private const string ValueName = "Element";
    private const ulong Port = 1;
    private const ulong Baud = 115200;
    private static readonly Guid EmsSettings = new("0ce4991b-e6b3-4b16-b23c-5e0d9250e5d9");

    /// <inheritdoc/>
    public override string Id => "windows-boot-store";

    /// <inheritdoc/>
    protected override async Task<RulePlan> PlanAsync(RuleContext context, WindowsGuest guest, CancellationToken cancellationToken)
    {
        if (guest.BootStore is null)
        {
            var finding = GuestFindings.BootFiles("Windows' boot configuration store was not found.");
            return new RulePlan { Rule = Id, Reason = finding.Message, Findings = [finding] };
        }

        var registry = await context.Hives.EditAsync(guest.BootStore, cancellationToken);
        var store = BcdStore.Of(registry.Hive);
        var findings = Check(context.Guest, store).ToList();
        if (context.Target.Platform == Azure)
        {
            EnableConsole(registry, store);
        }

        return Result("Azure's serial console needs the emergency management services.", "The boot configuration store needs no change.", registry.Edits) with { Findings = findings };
    }

    private static IEnumerable<Finding> Check(GuestInspection guest, BcdStore store)
    {
        if (store.Default is not { } loader)
        {
            yield return GuestFindings.BootFiles("The boot configuration store has no system that it starts by itself.");
            yield break;
        }

        var path = loader.GetString(BcdElementIds.ApplicationPath) ?? "";
        var wanted = guest.Firmware == Firmware.Uefi ? "winload.efi" : "winload.exe";
        if (!path.EndsWith(wanted, StringComparison.OrdinalIgnoreCase))
        {
            yield return GuestFindings.FirmwareMismatch(FindingSeverity.Warning, $"The machine boots with {guest.Firmware}, and Windows' boot configuration starts '{path}' instead of {wanted}.");
        }

        var known = guest.FileSystems.Select(f => Guid.TryParse(f.PartitionUuid, out var id) ? id : Guid.Empty).Where(id => id != Guid.Empty).ToHashSet();
        var named = new[] { BcdElementIds.ApplicationDevice, BcdElementIds.OsDevice }.SelectMany(e => loader.GetDevice(e)?.Partitions ?? []).Where(p => p.IsGpt).Select(p => p.PartitionId).Distinct();
        foreach (var partition in named.Where(p => known.Count > 0 && !known.Contains(p)))
        {
            yield return GuestFindings.BootFiles($"Windows' boot configuration names the partition {partition}, which is not on the disks.");
        }
    }

    private static void EnableConsole(RegistryEditor registry, BcdStore store)
    {
        if (store.BootManager is { } manager)
        {
            Boolean(registry, manager, BcdElementIds.BootEms);
        }

        if (store.Default is { } loader)
        {
            Boolean(registry, loader, BcdElementIds.Ems);
        }

        if (store.Find(EmsSettings) is { } settings)
        {
            Integer(registry, settings, BcdElementIds.EmsPort, Port);
            Integer(registry, settings, BcdElementIds.EmsBaudRate, Baud);
        }
    }

    private static void Boolean(RegistryEditor registry, BcdObject item, uint element)
    {
        // Any byte but 0 says yes.
        if (item.GetBoolean(element) != true)
        {
            registry.Set(KeyOf(item, element), ValueName, HiveValueType.Binary, [1]);
        }
    }

    private static void Integer(RegistryEditor registry, BcdObject item, uint element, ulong number)
    {
        if (item.GetInteger(element) != number)
        {
            registry.Set(KeyOf(item, element), ValueName, HiveValueType.Binary, HiveData.OfQWord(number));
        }
    }

    private static string KeyOf(BcdObject item, uint element) => string.Create(CultureInfo.InvariantCulture, $"{item.Key.Path}\\Elements\\{element:x8}");
}
