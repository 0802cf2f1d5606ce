namespace Ferry.Contracts.Library;

/// <summary>A file of a source, and what identifies its content.</summary>
public sealed record SourceFile
{
    /// <summary>Bare name; every file lies beside the descriptor.</summary>
    public required string Name { get; init; }

    /// <summary>Absolute path or http(s) URL.</summary>
    public required string Location { get; init; }

    /// <summary>Length in bytes.</summary>
    public required long Size { get; init; }

    /// <summary>Strong entity tag of a URL, else its Last-Modified text; null for a file.</summary>
    public string? ETag { get; init; }

    /// <summary>Last modification of a file, UTC, in ticks of 100 ns; null for a URL.</summary>
    public long? ModifiedTicks { get; init; }

    /// <summary>Inode number of a file; null for a URL.</summary>
    public ulong? Inode { get; init; }
}
