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

    /// <summary><c>VMFSSPARSE</c>: a COWD extent of an ESX host.</summary>
    VmfsSparse,

    /// <summary><c>SESPARSE</c>: a space-efficient sparse extent of an ESXi host.</summary>
    SeSparse,

    /// <summary><c>ZERO</c>: no file, all zero.</summary>
    Zero,
}
