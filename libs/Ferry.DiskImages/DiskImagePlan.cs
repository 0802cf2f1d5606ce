namespace Ferry.DiskImages;

/// <summary>
/// All that decides the layout of a written image. The same plan always gives the same layout, so that several workers, or one that goes on after a
/// crash, write the same file.
/// </summary>
public sealed record DiskImagePlan
{
    /// <summary>Format to write.</summary>
    public required DiskImageFormat Format { get; init; }

    /// <summary>The variant of the format.</summary>
    public DiskImageVariant Variant { get; init; }

    /// <summary>Size of the virtual disk in bytes; a multiple of the logical sector size.</summary>
    public required long Capacity { get; init; }

    /// <summary>Ranges that may hold data, ascending and disjoint; everything else reads as zero and takes no space.</summary>
    public required IReadOnlyList<DiskRange> Allocated { get; init; }

    /// <summary>Logical sector size in bytes: 512 or 4096.</summary>
    public int LogicalSectorSize { get; init; } = 512;

    /// <summary>Block size in bytes, or 0 for the format's default (see the writers).</summary>
    public int BlockSize { get; init; }

    /// <summary>Identity of the disk (VHDX: page 83 data, header and file GUIDs are derived from it), so that a repeated conversion gives the same bytes.</summary>
    public required Guid DiskId { get; init; }
}
