namespace Ferry.Chunks.Store;

/// <summary>The one exception of the chunk store and of manifests.</summary>
public sealed class ChunkStoreException(string code, string message, string? place = null, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>One of <see cref="ChunkStoreErrors"/>.</summary>
    public string Code { get; } = code;

    /// <summary>The chunk id or file concerned.</summary>
    public string? Place { get; } = place;
}
