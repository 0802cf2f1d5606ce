namespace Ferry.Chunks.Uploads;

/// <summary>A disk that has arrived. Bytes of this run; what an earlier one had sent counts as deduplicated.</summary>
public record DiskUploadResult
{
    /// <summary>Root id of the manifest.</summary>
    public required string Manifest { get; init; }

    /// <summary>Digest of the disk.</summary>
    public required string Digest { get; init; }

    /// <summary>Size of the disk.</summary>
    public required long Bytes { get; init; }

    /// <summary>Zero, or used by no file system: never sent.</summary>
    public required long BytesZero { get; init; }

    /// <summary>The server had them.</summary>
    public required long BytesDeduplicated { get; init; }

    /// <summary>Bytes of the chunks that were sent.</summary>
    public required long BytesMoved { get; init; }

    /// <summary>What they took in the bodies of the requests, compressed, also of requests that were tried again.</summary>
    public required long BytesSent { get; init; }
}
