namespace Ferry.Capture;

/// <summary>A disk as it was found.</summary>
public sealed record InspectedDisk
{
    /// <summary>Index of the disk in the machine.</summary>
    public required int Index { get; init; }

    /// <summary>The image's name.</summary>
    public required string Image { get; init; }

    /// <summary>Format of the image: <c>raw</c>, <c>vmdk</c>, <c>vhdx</c>, <c>vhd</c>.</summary>
    public required string Format { get; init; }

    /// <summary>Variant of the format in its own words, or null.</summary>
    public string? Variant { get; init; }

    /// <summary>Size of the virtual disk in bytes.</summary>
    public required long CapacityBytes { get; init; }

    /// <summary>Bytes of the virtual disk that the image holds data for.</summary>
    public required long AllocatedBytes { get; init; }

    /// <summary>Bytes of the virtual disk that may be in use: all but those that a file system says to be free.</summary>
    public required long UsedBytes { get; init; }

    /// <summary>Partition table: <c>mbr</c>, <c>gpt</c>, <c>none</c>.</summary>
    public required string Partitions { get; init; }

    /// <summary>The volumes in the order of the disk, logical volumes last.</summary>
    public required IReadOnlyList<InspectedVolume> Volumes { get; init; }

    /// <summary>Logical sector size in bytes.</summary>
    public required int LogicalSectorSize { get; init; }

    /// <summary>Every file of the image.</summary>
    public required IReadOnlyList<string> Files { get; init; }
}
