namespace Ferry.Chunks.Manifests;

/// <summary>The root of a manifest: everything but its entries, which stand in pages.</summary>
public sealed record ManifestHeader
{
    /// <summary>Entries in one page; the last page may have fewer.</summary>
    public const int EntriesPerPage = 65_536;

    /// <summary>The default chunk size: 1 MiB.</summary>
    public const int DefaultChunkSize = 1 << 20;

    /// <summary>Size of the disk in bytes.</summary>
    public required long Size { get; init; }

    /// <summary>Chunk size in bytes, a power of two from 64 KiB to 64 MiB.</summary>
    public required int ChunkSize { get; init; }

    /// <summary>Logical sector size of the disk in bytes: 512 or 4096.</summary>
    public int LogicalSectorSize { get; init; } = 512;

    /// <summary>Where the <see cref="ChunkState.Origin"/> entries' bytes are; null when there are none.</summary>
    public ManifestOrigin? Origin { get; init; }

    /// <summary>Ids of the pages in order.</summary>
    public required IReadOnlyList<ChunkId> Pages { get; init; }

    /// <summary>Number of chunks: the size divided by the chunk size, rounded up.</summary>
    public long ChunkCount => (Size + ChunkSize - 1) / ChunkSize;

    /// <summary>Length in bytes of chunk <paramref name="index"/>: the chunk size, but for the last chunk of the disk.</summary>
    public int LengthOf(long index) => (int)Math.Min(ChunkSize, Size - (index * ChunkSize));
}
