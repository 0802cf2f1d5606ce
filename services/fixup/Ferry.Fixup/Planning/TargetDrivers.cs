namespace Ferry.Fixup.Planning;

/// <summary>The Linux drivers that a platform needs early in the boot.</summary>
/// <param name="Required">Without these there is no disk.</param>
/// <param name="Wanted">Taken when the kernel has them.</param>
public sealed record TargetDrivers(IReadOnlyList<string> Required, IReadOnlyList<string> Wanted)
{
    /// <summary>Both.</summary>
    public IEnumerable<string> All => Required.Concat(Wanted);

    /// <summary>For guests of other families.</summary>
    public static TargetDrivers None { get; } = new([], []);

    /// <summary>The drivers of a platform, or null when it is not known. Drivers that others need are found by the kernel's own list of dependencies.</summary>
    public static TargetDrivers? For(string platform) => platform switch
    {
        "hyperv" => new(["hv_vmbus", "hv_storvsc", "sd_mod"], ["hv_netvsc", "hyperv_keyboard", "hid_hyperv"]),

        // Newer sizes of Azure have their disks on NVMe behind the virtual PCI bus.
        "azure" => new(["hv_vmbus", "hv_storvsc", "sd_mod"], ["hv_netvsc", "hyperv_keyboard", "hid_hyperv", "pci_hyperv", "nvme"]),
        "kvm" => new(["virtio_pci", "virtio_blk"], ["virtio_scsi", "sd_mod", "virtio_net", "virtio_console", "virtio_balloon", "virtio_rng"]),
        _ => null,
    };
}
