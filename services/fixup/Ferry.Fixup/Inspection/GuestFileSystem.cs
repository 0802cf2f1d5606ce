namespace Ferry.Fixup.Inspection;

/// <summary>A file system, swap area or other content of a partition or logical volume.</summary>
/// <param name="Device">Name in the appliance; partition <c>n</c> of the machine's first disk is <c>/dev/sdan</c>.</param>
/// <param name="Type">Kind as blkid names it: <c>ext4</c>, <c>swap</c>, <c>crypto_LUKS</c>, <c>unknown</c>.</param>
/// <param name="Uuid">Its id, or empty.</param>
/// <param name="Label">Its label, or empty.</param>
/// <param name="PartitionUuid">The partition's id, or empty.</param>
public sealed record GuestFileSystem(string Device, string Type, string Uuid, string Label, string PartitionUuid)
{
    /// <summary>The device that it is on; another than <see cref="Device"/> for a subvolume of btrfs.</summary>
    public string BlockDevice { get; init; } = Device;

    /// <summary>Path of a subvolume of btrfs that is not the default one, or empty.</summary>
    public string Subvolume { get; init; } = "";
}
