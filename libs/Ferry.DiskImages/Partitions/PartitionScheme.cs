namespace Ferry.DiskImages.Partitions;

/// <summary>How a disk is divided.</summary>
public enum PartitionScheme
{
    /// <summary>No partition table was found: the disk is empty, or one volume as a whole.</summary>
    None,

    /// <summary>Master boot record, with extended partitions.</summary>
    Mbr,

    /// <summary>GUID partition table.</summary>
    Gpt,
}
