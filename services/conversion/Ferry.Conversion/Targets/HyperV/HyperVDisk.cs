namespace Ferry.Conversion.Targets.HyperV;

/// <summary>A disk of a Hyper-V machine and where it is connected.</summary>
public sealed record HyperVDisk
{
    /// <summary>Index of the disk in the machine description.</summary>
    public required int Index { get; init; }

    /// <summary>File name of the image beside the definition.</summary>
    public required string File { get; init; }

    /// <summary>Size of the virtual disk in bytes.</summary>
    public required long CapacityBytes { get; init; }

    /// <summary>Size of the image file in bytes as it was published, or null.</summary>
    public long? FileBytes { get; init; }

    /// <summary>SHA-256 of the image file in hexadecimal digits, or null.</summary>
    public string? FileSha256 { get; init; }

    /// <summary>Controller kind: <c>IDE</c> or <c>SCSI</c>.</summary>
    public required string Controller { get; init; }

    /// <summary>Number of the controller.</summary>
    public required int ControllerNumber { get; init; }

    /// <summary>Location at the controller.</summary>
    public required int ControllerLocation { get; init; }
}
