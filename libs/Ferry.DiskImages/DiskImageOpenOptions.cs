namespace Ferry.DiskImages;

/// <summary>How to open an image. Unless said otherwise the options hold for the image that is asked for, not for its parents.</summary>
public sealed record DiskImageOpenOptions
{
    /// <summary>Null: detect; an unknown content is an error. <see cref="DiskImageFormat.Raw"/> must be asked for.</summary>
    public DiskImageFormat? Format { get; init; }

    /// <summary>Logical sector size of a raw image in bytes, 512 or 4096; 0: that of the block device, or 512. Other formats say theirs, and it is not used.</summary>
    public int LogicalSectorSize { get; init; }

    /// <summary>
    /// Whether the active state of an image that holds internal snapshots (QCOW2) may be read, in parents as well. Otherwise such an image is refused, as a conversion loses
    /// its snapshots.
    /// </summary>
    public bool AllowInternalSnapshots { get; init; }
}
