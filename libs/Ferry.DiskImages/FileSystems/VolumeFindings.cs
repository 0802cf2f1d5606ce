namespace Ferry.DiskImages.FileSystems;

/// <summary>The closed list of codes of <see cref="VolumeFinding"/>; docs/errors.md explains each. In every case all that is concerned counts as used.</summary>
public static class VolumeFindings
{
    /// <summary>The partition table contradicts itself, the disk, or its other copy.</summary>
    public const string PartitionsInconsistent = "PARTITIONS_INCONSISTENT";

    /// <summary>The first copy of a GPT is damaged; the backup at the end of the disk was read.</summary>
    public const string PartitionsFromBackup = "PARTITIONS_FROM_BACKUP";

    /// <summary>The backup of a GPT is damaged or missing.</summary>
    public const string PartitionsWithoutBackup = "PARTITIONS_WITHOUT_BACKUP";

    /// <summary>Nothing that is known was found in a volume.</summary>
    public const string Unknown = "VOLUME_UNKNOWN";

    /// <summary>The content is known, and it, or a feature of it, has no map here.</summary>
    public const string Unsupported = "VOLUME_UNSUPPORTED";

    /// <summary>The file system was not unmounted cleanly: what its log holds is not in its map yet.</summary>
    public const string Dirty = "VOLUME_DIRTY";

    /// <summary>The file system's structures contradict one another, or a checksum is wrong.</summary>
    public const string Inconsistent = "VOLUME_INCONSISTENT";

    /// <summary>More than one kind of content was found in the same place.</summary>
    public const string Ambiguous = "VOLUME_AMBIGUOUS";

    /// <summary>Older states of the volume need blocks that its present file system does not.</summary>
    public const string HasSnapshots = "VOLUME_HAS_SNAPSHOTS";

    /// <summary>A volume group lacks physical volumes.</summary>
    public const string LvmIncomplete = "LVM_INCOMPLETE";

    /// <summary>LVM metadata is damaged or contradicts itself.</summary>
    public const string LvmInconsistent = "LVM_INCONSISTENT";

    /// <summary>A volume group has something other than linear volumes.</summary>
    public const string LvmUnsupported = "LVM_UNSUPPORTED";
}
