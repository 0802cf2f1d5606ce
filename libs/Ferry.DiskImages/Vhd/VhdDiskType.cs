namespace Ferry.DiskImages.Vhd;

/// <summary>Disk type (VHD 1.0, "Hard Disk Footer Format", offset 60); 0, 1, 5 and 6 are reserved.</summary>
internal enum VhdDiskType : uint
{
    /// <summary>Data, then the footer.</summary>
    Fixed = 2,

    /// <summary>Blocks take space when they are written.</summary>
    Dynamic = 3,

    /// <summary>As dynamic; what was not written is the parent's.</summary>
    Differencing = 4,
}
