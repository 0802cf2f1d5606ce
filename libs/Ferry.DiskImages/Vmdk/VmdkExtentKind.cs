namespace Ferry.DiskImages.Vmdk;

/// <summary>Extent types of a descriptor that can be read ("VMware Virtual Disk Format 5.0", section "The Extent Description").</summary>
internal enum VmdkExtentKind
{
    /// <summary><c>FLAT</c>: raw bytes in a file, from an offset on.</summary>
    Flat,

    /// <summary><c>VMFS</c>: raw bytes in a file of an ESXi host.</summary>
    Vmfs,

    /// <summary><c>SPARSE</c>: a hosted sparse extent.</summary>
    Sparse,

    /// <summary><c>ZERO</c>: no file, all zero.</summary>
    Zero,
}
