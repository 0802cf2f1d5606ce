namespace Ferry.EndToEnd.Tests.Guests;

/// <summary>
/// The guests. Layouts, initial RAM disks and network managers are spread over as few guests as hold them all; that each initial RAM disk lacks the targets' drivers is
/// what the run without the fix-up shows.
/// </summary>
public static class GuestRows
{
    /// <summary>All, in the order of the table.</summary>
    public static IReadOnlyList<GuestRow> All { get; } =
    [
        new("ext4", "zstd", "ifupdown", "open-vm-tools"),
        new("lvm", "gzip", "ifupdown", "none"),
        new("uefi", "lz4", "systemd-networkd", "open-vm-tools") { Quick = true },
        new("xfs", "xz", "NetworkManager", "none"),
        new("boot", "bzip2", "netplan", "open-vm-tools"),
        new("btrfs", "lzma", "systemd-networkd", "none"),
        new("ext4", "lzop", "ifupdown", "none"),
        new("lvm", "dracut", "NetworkManager", "open-vm-tools") { Quick = true },
    ];

    /// <summary>The row of a name.</summary>
    public static GuestRow Named(string name) => All.Single(row => row.Name == name);
}
