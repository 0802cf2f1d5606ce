namespace Ferry.Conversion.Targets.Azure;

/// <summary>Sizes of disks on Azure.</summary>
public static class AzureDisk
{
    /// <summary>The unit of a disk's size in bytes: Azure takes whole MiB only.</summary>
    public const long Unit = 1 << 20;

    /// <summary>
    /// The largest disk in bytes: a VHD holds 2040 GiB. Azure's own limits are higher (OS disk 4095 GiB, data disk 32 TiB) except for an OS disk with an MBR, 2 TiB.
    /// </summary>
    public const long MostBytes = 2040L << 30;

    /// <summary>The size that a disk gets: the next whole MiB.</summary>
    public static long Padded(long bytes) => (bytes + Unit - 1) / Unit * Unit;
}
