namespace Ferry.Capture;

/// <summary>A volume of a disk as it was found: a partition, a logical volume, or the disk as a whole.</summary>
public sealed record InspectedVolume
{
    /// <summary>Name for people: <c>partition 2</c>, <c>vg/root</c>, <c>disk</c>.</summary>
    public required string Name { get; init; }

    /// <summary>First byte on the disk.</summary>
    public required long OffsetBytes { get; init; }

    /// <summary>Length in bytes.</summary>
    public required long LengthBytes { get; init; }

    /// <summary>Type of the partition for people, or null.</summary>
    public string? Type { get; init; }

    /// <summary>What is in it: <c>ext4</c>, <c>ntfs</c>, <c>lvm2</c>...; null when that cannot be told.</summary>
    public string? Content { get; init; }

    /// <summary>Label of the file system, or name of the partition; empty when it has neither.</summary>
    public string Label { get; init; } = "";

    /// <summary>Bytes that the file system uses; null when that cannot be told, and all of it is moved.</summary>
    public long? UsedBytes { get; init; }
}
