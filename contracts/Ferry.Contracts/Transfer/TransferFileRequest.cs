namespace Ferry.Contracts.Transfer;

/// <summary>
/// One file of a new transfer job. Of a download, exactly one of <see cref="Source"/> and <see cref="Manifest"/> says what; of an upload, <see cref="Name"/> and <see cref="Size"/>
/// do, and nothing else but <see cref="ChunkSize"/> and <see cref="LogicalSectorSize"/>.
/// </summary>
public sealed record TransferFileRequest
{
    /// <summary>An http(s) URL of a file, without user and password.</summary>
    public string? Source { get; init; }

    /// <summary>Root id of a manifest with chunks at an http(s) origin.</summary>
    public string? Manifest { get; init; }

    /// <summary>
    /// A relative path in the library share, at which the file appears when it is complete and verified; null: its chunks go into the chunk store, and the result is a manifest.
    /// Only for a <see cref="Source"/>.
    /// </summary>
    public string? Destination { get; init; }

    /// <summary>Upload: name for people, at most 200 characters.</summary>
    public string? Name { get; init; }

    /// <summary>Upload: size of the disk in bytes, 1 byte to 64 TiB.</summary>
    public long? Size { get; init; }

    /// <summary>Upload: chunk size in bytes, a power of two from 64 KiB to 16 MiB; null for 1 MiB.</summary>
    public int? ChunkSize { get; init; }

    /// <summary>Upload: logical sector size in bytes, 512 or 4096; null for 512.</summary>
    public int? LogicalSectorSize { get; init; }
}
