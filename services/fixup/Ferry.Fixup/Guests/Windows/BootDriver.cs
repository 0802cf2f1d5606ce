using Ferry.Contracts.Machines;
using Ferry.Fixup.Guests.Windows.Rules;

namespace Ferry.Fixup.Guests.Windows;

/// <summary>A driver of Windows that the target's boot path needs, or that a fall-back controller needs.</summary>
/// <param name="Service">Name of its service.</param>
/// <param name="File">Its file in <c>System32\drivers</c>.</param>
/// <param name="IsRequired">Whether the machine cannot boot without it.</param>
/// <param name="Start">What Start has to be; null when it is kept and only its override goes.</param>
internal sealed record BootDriver(string Service, string File, bool IsRequired, uint? Start = 0)
{
    /// <summary>Drivers that start with every Windows; looked at and never changed.</summary>
    public static IReadOnlyList<string> Always { get; } =
    [
        "disk", "partmgr", "volmgr", "volume", "mountmgr", "pci", "acpi", "msisadrv", "vdrvroot", "fvevol", "spaceport", "EhStorClass", "CLFS", "fileinfo",
    ];

    /// <summary>Drivers for a target.</summary>
    public static IReadOnlyList<BootDriver> For(string platform, Firmware firmware, WindowsGuest guest)
    {
        BootDriver[] vmbus = [new("vmbus", "vmbus.sys", true), new("storvsc", "storvsc.sys", true), new("storflt", "vmstorfl.sys", true)];
        BootDriver[] ide = [new("intelide", "intelide.sys", false), new("pciide", "pciide.sys", false), new("atapi", "atapi.sys", false)];
        BootDriver sata = guest.IsWindows8OrLater ? new("storahci", "storahci.sys", false) : new("msahci", "msahci.sys", false);
        BootDriver nvme = new("stornvme", "stornvme.sys", false);
        return platform switch
        {
            WindowsRule.HyperV => firmware == Firmware.Bios ? [.. vmbus, .. ide] : vmbus,
            WindowsRule.Azure => [.. vmbus, .. firmware == Firmware.Bios ? ide : [], nvme, new("vpci", "vpci.sys", false, Start: null)],
            WindowsRule.Kvm => [.. ide, sata, nvme],
            _ => [],
        };
    }
}
