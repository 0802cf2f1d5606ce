namespace Ferry.DiskImages.FileSystems.Xfs;

/// <summary>Version and feature bits of XFS (XFS Algorithms and Data Structures, "Superblocks": sb_versionnum, sb_features_*).</summary>
internal static class XfsFeatures
{
    /// <summary>sb_versionnum: the bits of the version itself.</summary>
    internal const ushort VersionMask = 0x000f;

    /// <summary>sb_versionnum: the oldest version that is read.</summary>
    internal const ushort Version4 = 4;

    /// <summary>sb_versionnum: all structures have checksums.</summary>
    internal const ushort Version5 = 5;

    /// <summary>sb_features_incompat: the UUID in structures is sb_meta_uuid.</summary>
    internal const uint MetaUuid = 0x4;

    /// <summary>sb_features_incompat: xfs_repair has to be run.</summary>
    internal const uint NeedsRepair = 0x10;

    /// <summary>ftype, spinodes, meta_uuid, bigtime, needsrepair, nrext64, exchange, parent.</summary>
    internal const uint KnownIncompatible = 0x1 | 0x2 | MetaUuid | 0x8 | NeedsRepair | 0x20 | 0x40 | 0x80;

    /// <summary>finobt, rmapbt, reflink, inobtcount.</summary>
    internal const uint KnownReadOnlyCompatible = 0x1 | 0x2 | 0x4 | 0x8;
}
