namespace Ferry.Chunks.Manifests;

/// <summary>The ids of chunks of zeros, computed once for each of the two lengths a disk can have.</summary>
internal sealed class ZeroChunks(ManifestHeader header)
{
    private readonly Lazy<ChunkId> full = new(() => IdOf(header.ChunkSize));
    private readonly Lazy<ChunkId> last = new(() => IdOf(header.LengthOf(Math.Max(0, header.ChunkCount - 1))));

    /// <summary>The id of a chunk that is zero.</summary>
    public ChunkId this[long index] => header.LengthOf(index) == header.ChunkSize ? full.Value : last.Value;

    /// <summary>The id of that many zero bytes.</summary>
    public static ChunkId IdOf(int length) => ChunkId.Of(new byte[length]);
}
