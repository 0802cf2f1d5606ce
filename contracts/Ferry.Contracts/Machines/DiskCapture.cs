namespace Ferry.Contracts.Machines;

/// <summary>A disk that has been described by a manifest.</summary>
public sealed record DiskCapture
{
    /// <summary>Index of the disk in <see cref="MachineDescription.Disks"/>.</summary>
    public required int Disk { get; init; }

    /// <summary>Root id of the manifest, 64 hexadecimal digits.</summary>
    public required string Manifest { get; init; }

    /// <summary>Size of the virtual disk in bytes.</summary>
    public required long Capacity { get; init; }

    /// <summary>Bytes in chunks that have to be read (neither zero nor unused).</summary>
    public required long DataBytes { get; init; }

    /// <summary>Bytes in chunks that no file system of the guest uses.</summary>
    public long UnusedBytes { get; init; }

    /// <summary>Whether the manifest's origin is remote, so that its chunks have to be transferred before a worker can use them.</summary>
    public required bool Remote { get; init; }
}
