namespace Ferry.Transfer.Uploads;

/// <summary>What a file of an upload holds and what of it has come. Bytes of the disk, whatever they were compressed to.</summary>
public sealed class UploadFileCounts
{
    /// <summary>Chunk size in bytes.</summary>
    public required int ChunkSize { get; set; }

    /// <summary>Logical sector size in bytes.</summary>
    public required int LogicalSectorSize { get; set; }

    /// <summary>Zero or unused, of the pages that are known.</summary>
    public long ZeroBytes { get; set; }

    /// <summary>In the store when the page came, or there more than once.</summary>
    public long DeduplicatedBytes { get; set; }

    /// <summary>Came and were stored.</summary>
    public long StoredBytes { get; set; }

    /// <summary>Came although the store had them already.</summary>
    public long ResentBytes { get; set; }
}
