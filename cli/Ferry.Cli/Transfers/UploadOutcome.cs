namespace Ferry.Cli.Transfers;

/// <summary>What <c>ferry transfer upload --json</c> prints; bytes are those of this run.</summary>
internal sealed record UploadOutcome
{
    /// <summary>Id of the transfer job.</summary>
    public required Guid Id { get; init; }

    /// <summary>Root id of the manifest.</summary>
    public required string Manifest { get; init; }

    /// <summary>Digest of the disk.</summary>
    public required string Digest { get; init; }

    /// <summary>Size of the disk.</summary>
    public required long Bytes { get; init; }

    /// <summary>Zero, or used by no file system: not sent.</summary>
    public required long BytesZero { get; init; }

    /// <summary>The server had them, also from an earlier run of the command.</summary>
    public required long BytesDeduplicated { get; init; }

    /// <summary>Bytes of the disk that were sent.</summary>
    public required long BytesMoved { get; init; }

    /// <summary>What they took on the way, compressed.</summary>
    public required long BytesSent { get; init; }
}
