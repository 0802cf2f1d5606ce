namespace Ferry.Chunks.Uploads;

/// <summary>How a client sends a disk. It takes the memory of two chunks for each connection and hashing thread, and of one page (about 5 MB).</summary>
public sealed record DiskUploadOptions
{
    /// <summary>Chunk size in bytes that the job was made with.</summary>
    public int ChunkSize { get; init; } = Manifests.ManifestHeader.DefaultChunkSize;

    /// <summary>Connections that chunks are sent over.</summary>
    public int Connections { get; init; } = 4;

    /// <summary>Threads that read and hash; 0: one for each processor.</summary>
    public int HashThreads { get; init; }

    /// <summary>Whether chunks that shrink are sent compressed.</summary>
    public bool Compress { get; init; } = true;

    /// <summary>Without any answer for this long it is given up; a server that asks to wait is waited for without end.</summary>
    public TimeSpan GiveUpAfter { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>One request may take this long; a chunk has to pass within it at the link's rate.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>First wait after a failed request; it doubles with every failure, up to <see cref="MaximumRetry"/>, with full jitter.</summary>
    public TimeSpan MinimumRetry { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Longest wait that the client chooses by itself.</summary>
    public TimeSpan MaximumRetry { get; init; } = TimeSpan.FromSeconds(30);
}
