using Ferry.DiskImages.Partitions;

namespace Ferry.DiskImages.FileSystems;

/// <summary>A volume of a disk: what is in it, and how much of it is in use.</summary>
public sealed record DiskVolume
{
    /// <summary>What it is.</summary>
    public required VolumeKind Kind { get; init; }

    /// <summary>Name for people: <c>disk</c>, <c>partition 2</c>, <c>vg/root</c>.</summary>
    public required string Name { get; init; }

    /// <summary>First byte on the disk.</summary>
    public required long Offset { get; init; }

    /// <summary>Length in bytes.</summary>
    public required long Length { get; init; }

    /// <summary>The partition; null for the other kinds.</summary>
    public Partition? Partition { get; init; }

    /// <summary>What is in it: <c>ext4</c>, <c>xfs</c>, <c>ntfs</c>, <c>fat32</c>, <c>lvm2</c>, <c>swap</c>, <c>luks</c>...; null when that cannot be told.</summary>
    public string? Content { get; init; }

    /// <summary>Label of the file system; empty when it has none, or it was not read.</summary>
    public string Label { get; init; } = "";

    /// <summary>Bytes that the file system does not use, 0 when that cannot be told.</summary>
    public long UnusedBytes { get; init; }

    /// <summary>Whether the used blocks are known. Otherwise all count as used, and a finding says why - or there is none, for the parts of a volume group.</summary>
    public bool IsMapped { get; init; }
}
