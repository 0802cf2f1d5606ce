namespace Ferry.Fixup.Rehearsal.Models;

/// <summary>What the disks hang on.</summary>
internal enum DiskBus
{
    /// <summary>The PIIX's IDE channels.</summary>
    Ide,

    /// <summary>AHCI.</summary>
    Sata,

    /// <summary>virtio-blk.</summary>
    VirtioBlock,

    /// <summary>virtio-scsi.</summary>
    VirtioScsi,
}
