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

    /// <summary>Microsoft virtual hard disk version 1 (Virtual Hard Disk Image Format Specification 1.0), called "vpc" by QEMU.</summary>
    Vhd,

    /// <summary>QEMU copy-on-write version 2 and 3 (docs/interop/qcow2.txt of QEMU).</summary>
    Qcow2,

    /// <summary>VirtualBox virtual disk image.</summary>
    Vdi,
}
