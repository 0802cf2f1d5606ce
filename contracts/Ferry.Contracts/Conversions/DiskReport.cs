namespace Ferry.Contracts.Conversions;

/// <summary>The proof for one disk: source = stored = written, but for what the fix-up changed.</summary>
public sealed record DiskReport
{
    /// <summary>Index of the disk.</summary>
    public required int Disk { get; init; }

    /// <summary>Size of the virtual disk in bytes.</summary>
    public required long Capacity { get; init; }

    /// <summary>Chunk size in bytes.</summary>
    public required int ChunkSize { get; init; }

    /// <summary>File name of the image in the output folder.</summary>
    public required string Image { get; init; }

    /// <summary>Format of the image.</summary>
    public required string Format { get; init; }

    /// <summary>Size of the image file in bytes.</summary>
    public required long ImageBytes { get; init; }

    /// <summary>Root id of the manifest that was captured.</summary>
    public required string CapturedManifest { get; init; }

    /// <summary>Digest of the captured disk (SHA-256 over size, chunk size and chunk ids; docs/formats/manifest.md).</summary>
    public required string CapturedDigest { get; init; }

    /// <summary>Root id of the manifest that the image holds.</summary>
    public required string ImageManifest { get; init; }

    /// <summary>Digest of the disk in the image.</summary>
    public required string ImageDigest { get; init; }

    /// <summary>Chunks that an independent reader read back from the image and found equal to <see cref="ImageManifest"/>.</summary>
    public required long VerifiedChunks { get; init; }

    /// <summary>Ranges of chunks that the fix-up changed: all others are identical to the source's.</summary>
    public required IReadOnlyList<ChunkRange> ChangedByFixup { get; init; }

    /// <summary>Bytes in chunks that no file system of the guest used when the disk was captured: they were not read, and are zero unless the fix-up changed them.</summary>
    public long UnusedBytes { get; init; }

    /// <summary>Bytes of this disk that the transfer received more than once, because a worker died before it had proven them; 0 for a disk that was read in place.</summary>
    public long BytesResent { get; init; }

    /// <summary>Bytes of the conversion of this disk.</summary>
    public required ByteCounts Bytes { get; init; }
}
