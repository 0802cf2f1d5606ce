namespace Ferry.Chunks.Collection;

/// <summary>
/// The marked chunks. Eight bytes of each id are kept, so that a store of 100 TiB is marked in 2 GiB of memory: of two ids that begin alike (one pair in a store of
/// four thousand million chunks) garbage is kept, and nothing is ever lost. Not for concurrent writing.
/// </summary>
public sealed class LiveChunks
{
    private readonly HashSet<ulong> prefixes = [];

    /// <summary>Number of marked chunks.</summary>
    public long Count => prefixes.Count;

    /// <summary>Marks a chunk.</summary>
    public void Add(ChunkId id) => prefixes.Add(id.Prefix);

    /// <summary>Whether the chunk is marked.</summary>
    public bool Contains(ChunkId id) => prefixes.Contains(id.Prefix);
}
