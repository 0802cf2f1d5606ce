namespace Ferry.Chunks.Manifests;

/// <summary>What follows from a chunk's state alone.</summary>
public static class ChunkStates
{
    /// <summary>Whether an entry of this state carries an id.</summary>
    public static bool HasId(this ChunkState state) => state is ChunkState.Stored or ChunkState.OriginHashed;

    /// <summary>Whether the bytes are still at the origin.</summary>
    public static bool IsAtOrigin(this ChunkState state) => state is ChunkState.Origin or ChunkState.OriginHashed;

    /// <summary>Whether the chunk reads as zero without anything being read.</summary>
    public static bool ReadsAsZero(this ChunkState state) => state is ChunkState.Zero or ChunkState.Unused;
}
