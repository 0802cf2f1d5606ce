namespace Ferry.Chunks.Store;

/// <summary>Limits of a <see cref="FolderChunkStore"/>.</summary>
public sealed record FolderChunkStoreOptions
{
    /// <summary>A put that would leave more chunks than this without a flush flushes first.</summary>
    public int MaxPendingChunks { get; init; } = 256;

    /// <summary>A put that would leave more bytes than this without a flush flushes first.</summary>
    public long MaxPendingBytes { get; init; } = 256L << 20;

    /// <summary>Most bytes that the store may take, after compression; 0: as many as the disk has.</summary>
    public long QuotaBytes { get; init; }

    /// <summary>Bytes that a put leaves free on the store's disk.</summary>
    public long ReserveBytes { get; init; }

    /// <summary>How old the files of a process that died must be before they are deleted.</summary>
    public TimeSpan StaleAfter { get; init; } = TimeSpan.FromHours(1);

    /// <summary>A chunk's time of last use is renewed when it is older than this. Garbage collection must wait longer than this.</summary>
    public TimeSpan TouchAfter { get; init; } = TimeSpan.FromHours(1);
}
