using Ferry.Fixup.Guests.Windows;
using Ferry.Fixup.Inspection;
using Ferry.Fixup.Volumes;

namespace Ferry.Fixup.Planning;

/// <summary>What a rule may look at. Rules change nothing; they return what is to be changed.</summary>
/// <param name="Guest">The inspection.</param>
/// <param name="Target">Where the guest goes.</param>
/// <param name="Drivers">The drivers that the target needs.</param>
/// <param name="Tree">The guest's files.</param>
/// <param name="Scratch">Private folder on the worker.</param>
public sealed record RuleContext(GuestInspection Guest, FixupTarget Target, TargetDrivers Drivers, GuestTree Tree, string Scratch)
{
    /// <summary>The guest's registry hives, as the rules before leave them.</summary>
    public GuestHives Hives { get; init; } = new(Tree, TimeProvider.System);

    /// <summary>Drivers of virtio-win that are offered.</summary>
    public VirtioWin Virtio { get; init; } = new(null);

    /// <summary>Devices by the names that the guest uses.</summary>
    public DeviceNames Devices { get; } = new(Guest.Disks, Guest.FileSystems);
}
