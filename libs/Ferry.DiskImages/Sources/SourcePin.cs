namespace Ferry.DiskImages.Sources;

/// <summary>What identifies the content of a source file, so that a change is an error and never a mixture of old and new.</summary>
public sealed record SourcePin
{
    /// <summary>File name relative to the folder of the image.</summary>
    public required string Name { get; init; }

    /// <summary>Length in bytes.</summary>
    public required long Length { get; init; }

    /// <summary>Last modification, UTC, in ticks of 100 ns; null for a URL.</summary>
    public long? ModifiedTicks { get; init; }

    /// <summary>Inode number; null for a URL.</summary>
    public ulong? Inode { get; init; }

    /// <summary>Strong entity tag of a URL, else its Last-Modified text; null for a file.</summary>
    public string? ETag { get; init; }
}
