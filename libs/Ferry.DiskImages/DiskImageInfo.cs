namespace Ferry.DiskImages;

/// <summary>What is known of an image when it has been opened.</summary>
public sealed record DiskImageInfo
{
    /// <summary>The container format.</summary>
    public required DiskImageFormat Format { get; init; }

    /// <summary>The format's variant in the format's own words (VMDK: the <c>createType</c>; VHDX: <c>dynamic</c>), or null.</summary>
    public string? Variant { get; init; }

    /// <summary>Size of the virtual disk in bytes.</summary>
    public required long Capacity { get; init; }

    /// <summary>Logical sector size in bytes: 512 or 4096.</summary>
    public int LogicalSectorSize { get; init; } = 512;

    /// <summary>Physical sector size in bytes.</summary>
    public int PhysicalSectorSize { get; init; } = 512;

    /// <summary>Allocation unit in bytes (VMDK: grain, VHDX: block), 0 when the format has none.</summary>
    public long BlockSize { get; init; }

    /// <summary>The disk's own identity where the format has one (VHDX: page 83 id), else null.</summary>
    public Guid? DiskId { get; init; }

    /// <summary>
    /// What the image held when Ferry completed it (see <see cref="IDiskImageWriter.CompleteAsync(string, CancellationToken)"/>), 64 lower-case hexadecimal digits; null where
    /// that was not said, the format has no place for it, or the image tells that it was changed since.
    /// </summary>
    public string? ContentId { get; init; }

    /// <summary>The image below this one, when this one holds only the changes to it.</summary>
    public DiskImageInfo? Parent { get; init; }

    /// <summary>What else the format says of the image, in its own words, for people (for example <c>compression</c> = <c>zstd</c>, <c>creator</c> = <c>win 10.0</c>).</summary>
    public IReadOnlyDictionary<string, string> Properties { get; init; } = new Dictionary<string, string>();

    /// <summary>Every file the image consists of, in the order of the disk, those of its parents last, named relative to the folder of the image.</summary>
    public required IReadOnlyList<string> Files { get; init; }
}
