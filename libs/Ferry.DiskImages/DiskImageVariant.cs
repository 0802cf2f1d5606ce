namespace Ferry.DiskImages;

/// <summary>The variant of a format to write. Which a format has: <see cref="DiskImageVariants"/>.</summary>
public enum DiskImageVariant
{
    /// <summary>The format's usual one: dynamic for VHDX, VHD, VDI and QCOW2, monolithicSparse for VMDK.</summary>
    Default,

    /// <summary>Blocks take space when they hold data (VHDX, VHD, VDI, QCOW2).</summary>
    Dynamic,

    /// <summary>Every block has its place (VHDX, VHD).</summary>
    Fixed,

    /// <summary>Fixed VHD as Azure takes it: the size is rounded up to a multiple of 1 MiB.</summary>
    Azure,

    /// <summary>One VMDK file with grains.</summary>
    MonolithicSparse,

    /// <summary>One VMDK file with compressed grains in the order of the disk.</summary>
    StreamOptimized,

    /// <summary>A VMDK descriptor and one flat file.</summary>
    MonolithicFlat,

    /// <summary>Compressed clusters (QCOW2).</summary>
    Compressed,
}
