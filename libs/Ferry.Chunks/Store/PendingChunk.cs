using Microsoft.Win32.SafeHandles;

namespace Ferry.Chunks.Store;

/// <summary>
/// A chunk that was put and waits for its flush: a file with a temporary name. The handle stays open, as the system reports an error of writing back
/// only to those who had the file open when it happened.
/// </summary>
internal sealed class PendingChunk(ChunkId id, string path, SafeFileHandle handle, long bytes, long writtenAt) : IDisposable
{
    /// <summary>The chunk.</summary>
    public ChunkId Id { get; } = id;

    /// <summary>The temporary file.</summary>
    public string Path { get; set; } = path;

    /// <summary>The open file.</summary>
    public SafeFileHandle Handle { get; set; } = handle;

    /// <summary>Length of the file.</summary>
    public long Bytes { get; } = bytes;

    /// <summary>When it was written, on this machine's monotonic clock.</summary>
    public long WrittenAt { get; } = writtenAt;

    /// <summary>The last flush of it failed: what the page cache holds is not to be trusted, the file must be written anew.</summary>
    public bool Suspect { get; set; }

    /// <summary>The file has its final name; the name may not be durable yet.</summary>
    public bool Moved { get; set; }

    /// <inheritdoc/>
    public void Dispose() => Handle.Dispose();
}
