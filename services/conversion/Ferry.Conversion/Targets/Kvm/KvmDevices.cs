using Ferry.Contracts.Conversion;
using Ferry.Contracts.Conversions;

namespace Ferry.Conversion.Targets.Kvm;

/// <summary>
/// The devices that a guest has drivers for. virtio only where the fix-up saw to it: in Linux it refuses a kernel without the drivers, in Windows it says which it
/// put there. Any other guest gets SATA and an e1000e, which nearly every system drives by itself.
/// </summary>
/// <param name="DiskBus">libvirt's name of the disks' bus.</param>
/// <param name="NicModel">libvirt's name of the adapters' model.</param>
public sealed record KvmDevices(string DiskBus, string NicModel)
{
    private const string Emulated = "e1000e";

    /// <summary>The devices for a machine.</summary>
    public static KvmDevices Of(PublishMachine command)
    {
        ArgumentNullException.ThrowIfNull(command);
        return GuestFamilies.OfReport(command.Guest) switch
        {
            GuestFamily.Linux => new("virtio", "virtio"),
            GuestFamily.Windows => new(
                Has(command.Guest!, "viostor.sys") ? "virtio" : Has(command.Guest!, "vioscsi.sys") ? "scsi" : "sata", Has(command.Guest!, "netkvm.sys") ? "virtio" : Emulated),
            _ => new("sata", Emulated),
        };
    }

    private static bool Has(GuestReport guest, string driver) =>
        guest.Changes.Any(change => change.Path.EndsWith("/" + driver, StringComparison.OrdinalIgnoreCase));
}
