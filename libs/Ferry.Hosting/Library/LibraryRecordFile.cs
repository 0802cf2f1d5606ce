namespace Ferry.Hosting.Library;

/// <summary>One file of a machine in the library.</summary>
public sealed record LibraryRecordFile
{
    /// <summary>Bare name.</summary>
    public required string Name { get; init; }

    /// <summary>Size in bytes.</summary>
    public required long Size { get; init; }

    /// <summary>SHA-256 of the whole file, 64 lower-case hexadecimal digits.</summary>
    public required string Sha256 { get; init; }

    /// <summary>Where it comes from, without user, password and query; null for what a conversion made.</summary>
    public string? Source { get; init; }

    /// <summary>Entity tag of the source, or its Last-Modified text; null for a local file.</summary>
    public string? ETag { get; init; }
}
