namespace Ferry.DiskImages.Partitions;

/// <summary>What else a partition table says of a partition, and what was found of it.</summary>
[Flags]
public enum PartitionFlags
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>MBR: active. GPT: legacy BIOS bootable (attribute bit 2).</summary>
    Bootable = 1,

    /// <summary>A logical partition in an extended one.</summary>
    Logical = 2,

    /// <summary>An extended partition: it holds others.</summary>
    Container = 4,

    /// <summary>Its place is doubtful: it leaves the disk or overlaps another.</summary>
    Doubtful = 8,
}
