namespace Ferry.Agent.Inventory.Disks;

/// <summary>A local disk.</summary>
internal sealed record DiskInventory
{
    /// <summary>The kernel's name, such as <c>sda</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Path of its device.</summary>
    public string Path => $"/dev/{Name.Replace('!', '/')}";

    /// <summary>Size in bytes.</summary>
    public required long Size { get; init; }

    /// <summary>Model; empty when it is not said.</summary>
    public required string Model { get; init; }

    /// <summary>Serial number; empty when it is not said.</summary>
    public required string Serial { get; init; }

    /// <summary><c>scsi</c>, <c>sata</c>, <c>ide</c>, <c>nvme</c>, or <c>virtual</c>.</summary>
    public required string Bus { get; init; }

    /// <summary>Whether it turns.</summary>
    public required bool Rotational { get; init; }

    /// <summary>Whether its medium can be taken out.</summary>
    public required bool Removable { get; init; }

    /// <summary>Logical sector size in bytes.</summary>
    public required int LogicalSectorSize { get; init; }

    /// <summary>Sectors of 512 bytes written since the kernel started: who remembers it knows later whether the disk was written meanwhile.</summary>
    public required long SectorsWritten { get; init; }

    /// <summary>Its own device number and those of everything on it: partitions, and devices made of them, as <c>8:1</c>.</summary>
    public required IReadOnlyList<string> DeviceNumbers { get; init; }

    /// <summary>Kind of partition table (<c>gpt</c>, <c>mbr</c>, <c>none</c>), or null when the disk was not read.</summary>
    public string? PartitionScheme { get; init; }

    /// <summary>Partitions, or the disk as a whole, and logical volumes whose first part is here; null when the disk was not read.</summary>
    public IReadOnlyList<VolumeInventory>? Volumes { get; init; }
}
