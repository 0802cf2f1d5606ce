namespace Ferry.Contracts.Transfer;

/// <summary>One file of a transfer job as the API shows it.</summary>
public sealed record TransferFileView
{
    /// <summary>The source's URL without user, password and query; of an upload the name that the client gave.</summary>
    public required string Source { get; init; }

    /// <summary>Relative path in the library share, or null when the chunk store takes it.</summary>
    public string? Destination { get; init; }

    /// <summary>Size in bytes, or null before it was opened.</summary>
    public long? Size { get; init; }

    /// <summary>Chunk size in bytes of an upload; null for downloads.</summary>
    public int? ChunkSize { get; init; }

    /// <summary>Whether it is complete and verified.</summary>
    public required bool Done { get; init; }

    /// <summary>Root id of the complete manifest, once done; null for a file in the library share.</summary>
    public string? Manifest { get; init; }

    /// <summary>Digest (SHA-256 over size, chunk size and chunk ids; docs/formats/manifest.md), once done.</summary>
    public string? Digest { get; init; }
}
