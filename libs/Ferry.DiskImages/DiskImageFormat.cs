namespace Ferry.DiskImages;

/// <summary>A disk image file format.</summary>
public enum DiskImageFormat
{
    /// <summary>No container: byte n of the file is byte n of the disk.</summary>
    Raw,

    /// <summary>VMware virtual disk, all variants.</summary>
    Vmdk,

    /// <summary>Microsoft virtual hard disk version 2 (MS-VHDX).</summary>
    Vhdx,
}
