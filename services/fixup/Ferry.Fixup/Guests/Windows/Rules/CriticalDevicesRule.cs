using Ferry.Fixup.Planning;

namespace Ferry.Fixup.Guests.Windows.Rules;

/// <summary>Windows 7 and 2008 R2 find the driver of a boot device in the critical device database; an entry that is missing is added. Later versions have the driver database, which holds them.</summary>
public sealed class CriticalDevicesRule : WindowsRule
{
    private const string DiskControllers = "{4D36E96A-E325-11CE-BFC1-08002BE10318}";
    private const string ScsiAdapters = "{4D36E97B-E325-11CE-BFC1-08002BE10318}";
    private const string SystemDevices = "{4D36E97D-E325-11CE-BFC1-08002BE10318}";
    private const string Disks = "{4D36E967-E325-11CE-BFC1-08002BE10318}";

    private static readonly (string Id, string Service, string Class)[] Ide =
    [
        ("PCI#VEN_8086&DEV_7111", "intelide", DiskControllers), ("PCI#CC_0101", "pciide", DiskControllers), ("Primary_IDE_Channel", "atapi", DiskControllers),
        ("Secondary_IDE_Channel", "atapi", DiskControllers), ("Internal_IDE_Channel", "atapi", DiskControllers), ("GenDisk", "disk", Disks),
    ];

    private static readonly (string Id, string Service, string Class)[] VmBus =
        [("ACPI#VMBus", "vmbus", SystemDevices), ("VMBUS#{ba6163d9-04a1-4d29-b605-72e2ffb1dc7f}", "storvsc", ScsiAdapters)];

    private static readonly (string Id, string Service, string Class)[] Sata = [("PCI#CC_010601", "msahci", DiskControllers)];

    /// <inheritdoc/>
    public override string Id => "windows-critical-devices";

    /// <inheritdoc/>
    protected override async Task<RulePlan> PlanAsync(RuleContext context, WindowsGuest guest, CancellationToken cancellationToken)
    {
        var registry = await context.Hives.EditAsync(guest.SystemHive, cancellationToken);
        if (guest.IsWindows8OrLater)
        {
            return Result("", "The driver database holds the target's boot devices.", registry.Edits);
        }

        foreach (var set in guest.ControlSets)
        {
            foreach (var (id, service, deviceClass) in context.Target.Platform == Kvm ? [.. Ide, .. Sata] : (IEnumerable<(string, string, string)>)[.. Ide, .. VmBus])
            {
                var key = $"{set}\\Control\\CriticalDeviceDatabase\\{id}";
                if (registry.Hive.Find(key) is null && registry.Hive.Find($"{set}\\Services\\{service}") is not null)
                {
                    registry.SetString(key, "Service", service);
                    registry.SetString(key, "ClassGUID", deviceClass);
                }
            }
        }

        return Result("The critical device database lacks the target's boot devices.", "The critical device database has the target's boot devices.", registry.Edits);
    }
}
