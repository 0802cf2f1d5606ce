using Ferry.DiskImages.FileSystems;
using Ferry.DiskImages.Partitions;

namespace Ferry.Agent.Inventory.Disks;

/// <summary>A volume of a disk: a partition, the disk as a whole, or a logical volume of LVM2, as they lie on the disk.</summary>
internal sealed record VolumeInventory
{
    /// <summary>Name for people: <c>partition 2</c>, <c>vg/root</c>, <c>disk</c>.</summary>
    public required string Name { get; init; }

    /// <summary>What kind it is.</summary>
    public required VolumeKind Kind { get; init; }

    /// <summary>First byte on the disk.</summary>
    public required long Offset { get; init; }

    /// <summary>Length in bytes.</summary>
    public required long Length { get; init; }

    /// <summary>Type of the partition, such as <c>EFI system</c>; null for the other kinds.</summary>
    public string? PartitionType { get; init; }

    /// <summary>Whether the partition is marked to be booted from.</summary>
    public bool Bootable { get; init; }

    /// <summary>What is in it, such as <c>ext4</c>; null when that cannot be told.</summary>
    public string? Content { get; init; }

    /// <summary>Label of the file system.</summary>
    public string Label { get; init; } = "";

    /// <summary>Bytes that its file system does not use, 0 when that cannot be told.</summary>
    public long UnusedBytes { get; init; }

    /// <summary>The volume as the disk library found it.</summary>
    public static VolumeInventory Of(DiskVolume volume) => new()
    {
        Name = volume.Name,
        Kind = volume.Kind,
        Offset = volume.Offset,
        Length = volume.Length,
        PartitionType = volume.Partition?.TypeName,
        Bootable = volume.Partition?.Flags.HasFlag(PartitionFlags.Bootable) ?? false,
        Content = volume.Content,
        Label = volume.Label,
        UnusedBytes = volume.UnusedBytes,
    };
}
