namespace Ferry.DiskImages.FileSystems;

/// <summary>What a volume is on its disk.</summary>
public enum VolumeKind
{
    /// <summary>The disk as a whole, without a partition table.</summary>
    Disk,

    /// <summary>A partition.</summary>
    Partition,

    /// <summary>A logical volume of LVM; it may go on on other disks.</summary>
    LogicalVolume,
}
