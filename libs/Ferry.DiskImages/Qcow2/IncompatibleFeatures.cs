namespace Ferry.DiskImages.Qcow2;

/// <summary>Features without which an image cannot be read (qcow2.txt, "Header", offset 72).</summary>
[Flags]
internal enum IncompatibleFeatures : ulong
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>Bit 0: refcounts may be wrong. The disk's content is not concerned.</summary>
    Dirty = 1 << 0,

    /// <summary>Bit 1: any structure may be wrong.</summary>
    Corrupt = 1 << 1,

    /// <summary>Bit 2: the clusters stand in another file.</summary>
    DataFile = 1 << 2,

    /// <summary>Bit 3: compressed clusters are not zlib.</summary>
    CompressionType = 1 << 3,

    /// <summary>Bit 4: L2 entries have 16 bytes and tell of subclusters.</summary>
    ExtendedL2 = 1 << 4,

    /// <summary>All that are known.</summary>
    Known = Dirty | Corrupt | DataFile | CompressionType | ExtendedL2,
}
