namespace Ferry.DiskImages.FileSystems.Ext;

/// <summary>Feature bits of ext2, ext3 and ext4 (Linux, Documentation/filesystems/ext4, "Super Block": s_feature_compat, s_feature_incompat, s_feature_ro_compat).</summary>
internal static class ExtFeatures
{
    /// <summary>Compatible: there is a journal.</summary>
    internal const uint HasJournal = 0x4;

    /// <summary>Compatible: at most two groups have copies of the superblock.</summary>
    internal const uint SparseSuper2 = 0x200;

    /// <summary>Incompatible: the journal has to be replayed.</summary>
    internal const uint NeedsRecovery = 0x4;

    /// <summary>Incompatible: the group descriptors are spread over the groups.</summary>
    internal const uint MetaBlockGroups = 0x10;

    /// <summary>Incompatible: files have extents.</summary>
    internal const uint Extents = 0x40;

    /// <summary>Incompatible: block numbers of 64 bits, larger group descriptors.</summary>
    internal const uint Bits64 = 0x80;

    /// <summary>Incompatible: protection against mounting twice.</summary>
    internal const uint MultipleMountProtection = 0x100;

    /// <summary>Incompatible: bitmaps and inode tables may be in other groups.</summary>
    internal const uint FlexibleBlockGroups = 0x200;

    /// <summary>Incompatible: the seed of checksums is in the superblock.</summary>
    internal const uint ChecksumSeed = 0x2000;

    /// <summary>Read-only compatible: not every group has copies of the superblock.</summary>
    internal const uint SparseSuper = 0x1;

    /// <summary>Read-only compatible: group descriptors have CRC-16 checksums, groups may be uninitialised.</summary>
    internal const uint GroupChecksums = 0x10;

    /// <summary>Read-only compatible: bitmaps are of clusters of several blocks.</summary>
    internal const uint BigAlloc = 0x200;

    /// <summary>Read-only compatible: all metadata has CRC-32C checksums.</summary>
    internal const uint MetadataChecksums = 0x400;

    /// <summary>Read-only compatible: the orphan file holds inodes whose blocks are to be freed.</summary>
    internal const uint OrphansPresent = 0x10000;

    /// <summary>dir_prealloc, imagic_inodes, has_journal, ext_attr, resize_inode, dir_index, sparse_super2, fast_commit, stable_inodes, orphan_file.</summary>
    internal const uint KnownCompatible = 0x1 | 0x2 | HasJournal | 0x8 | 0x10 | 0x20 | SparseSuper2 | 0x400 | 0x800 | 0x1000;

    /// <summary>filetype, needs_recovery, meta_bg, extents, 64bit, mmp, flex_bg, ea_inode, csum_seed, largedir, inline_data, encrypt, casefold.</summary>
    internal const uint KnownIncompatible =
        0x2 | NeedsRecovery | MetaBlockGroups | Extents | Bits64 | MultipleMountProtection | FlexibleBlockGroups | 0x400 | ChecksumSeed | 0x4000 | 0x8000 | 0x10000 | 0x20000;

    /// <summary>sparse_super, large_file, btree_dir, huge_file, uninit_bg, dir_nlink, extra_isize, quota, bigalloc, metadata_csum, read-only, project, verity, orphan_present.</summary>
    internal const uint KnownReadOnlyCompatible =
        SparseSuper | 0x2 | 0x4 | 0x8 | GroupChecksums | 0x20 | 0x40 | 0x100 | BigAlloc | MetadataChecksums | 0x1000 | 0x2000 | 0x8000 | OrphansPresent;
}
