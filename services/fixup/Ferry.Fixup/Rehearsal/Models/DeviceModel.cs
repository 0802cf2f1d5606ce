using Ferry.Contracts.Conversions;
using Ferry.Contracts.Machines;

namespace Ferry.Fixup.Rehearsal.Models;

/// <summary>The devices of a rehearsal's machine: as near the target's as QEMU has them, and in what they differ.</summary>
internal sealed record DeviceModel
{
    /// <summary>QEMU's machine type: <c>pc</c> or <c>q35</c>.</summary>
    public required string Machine { get; init; }

    /// <summary>What the disks hang on.</summary>
    public required DiskBus Disks { get; init; }

    /// <summary>Whether it starts from UEFI.</summary>
    public required bool Uefi { get; init; }

    /// <summary>Whether the processor shows Hyper-V's interface; with KVM only.</summary>
    public bool HyperV { get; init; }

    /// <summary>Whether there are the devices that Ferry's domain XML has besides: agent channel, balloon, random numbers, USB.</summary>
    public bool Virtio { get; init; }

    /// <summary>Whether the hardware clock is in local time.</summary>
    public bool LocalTime { get; init; }

    /// <summary>What is not as at the target, for people.</summary>
    public required IReadOnlyList<string> Differences { get; init; }

    /// <summary>In a line, for people.</summary>
    public string Description => $"{Machine}, {(Uefi ? "UEFI" : "BIOS")}, disks on {NameOf(Disks)}, no network";

    /// <summary>The devices for a machine that goes to a platform.</summary>
    /// <param name="target">The platform.</param>
    /// <param name="machine">The machine.</param>
    /// <param name="guest">What the fix-up found and changed, or null.</param>
    public static DeviceModel For(string target, MachineDescription machine, GuestReport? guest)
    {
        ArgumentNullException.ThrowIfNull(machine);
        var uefi = machine.Firmware == Firmware.Uefi;
        var windows = IsWindows(machine, guest);
        List<string> differences = ["there is no network adapter"];
        if (uefi && machine.SecureBoot)
        {
            differences.Add("Secure Boot is off");
        }

        if (target == "kvm")
        {
            return new DeviceModel { Machine = "q35", Disks = KvmBus(guest), Uefi = uefi, HyperV = windows, Virtio = true, LocalTime = windows, Differences = differences };
        }

        if (target is not ("hyperv" or "azure"))
        {
            return new DeviceModel { Machine = "q35", Disks = DiskBus.Sata, Uefi = uefi, LocalTime = windows, Differences = [.. differences, "the platform is not known here: a plain PC stands for it"] };
        }

        // QEMU has Hyper-V's bus and none of its devices. Generation 1 does have this IDE controller; of generation 2 nothing is there.
        differences.Add("Hyper-V's storage, network and graphics adapters (VMBus) do not exist in QEMU: that their drivers load is not shown");
        if (!uefi && machine.Disks.Count > 1)
        {
            differences.Add("all disks are on IDE and SATA, not only the first on IDE");
        }

        return new DeviceModel
        {
            Machine = uefi ? "q35" : "pc",
            Disks = uefi ? DiskBus.Sata : DiskBus.Ide,
            Uefi = uefi,
            HyperV = true,
            LocalTime = windows,
            Differences = differences,
        };
    }

    /// <summary>Whether the guest is Windows: by the fix-up, else by the source's name of it.</summary>
    public static bool IsWindows(MachineDescription machine, GuestReport? guest)
    {
        ArgumentNullException.ThrowIfNull(machine);
        return guest is not null
            ? guest.Family == "windows"
            : machine.GuestHint is { } hint && (hint.StartsWith("win", StringComparison.OrdinalIgnoreCase) || hint.StartsWith("longhorn", StringComparison.OrdinalIgnoreCase)
                || hint.Contains("windows", StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>The bus that the domain XML gives a guest: virtio only where the fix-up saw to the drivers.</summary>
    private static DiskBus KvmBus(GuestReport? guest) => guest?.Family switch
    {
        "linux" => DiskBus.VirtioBlock,
        "windows" when Has(guest, "viostor.sys") => DiskBus.VirtioBlock,
        "windows" when Has(guest, "vioscsi.sys") => DiskBus.VirtioScsi,
        _ => DiskBus.Sata,
    };

    private static bool Has(GuestReport guest, string driver) => guest.Changes.Any(change => change.Path.EndsWith("/" + driver, StringComparison.OrdinalIgnoreCase));

    private static string NameOf(DiskBus bus) => bus switch
    {
        DiskBus.Ide => "IDE",
        DiskBus.Sata => "SATA",
        DiskBus.VirtioBlock => "virtio-blk",
        _ => "virtio-scsi",
    };
}
