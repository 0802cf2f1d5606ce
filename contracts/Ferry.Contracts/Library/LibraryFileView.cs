namespace Ferry.Contracts.Library;

/// <summary>One file of a machine in the library.</summary>
public sealed record LibraryFileView
{
    /// <summary>Name in the machine's folder.</summary>
    public required string Name { get; init; }

    /// <summary>Size in bytes.</summary>
    public required long Size { get; init; }

    /// <summary>SHA-256 of the whole file, 64 lower-case hexadecimal digits.</summary>
    public required string Sha256 { get; init; }
}
