namespace Ferry.Chunks.Store;

/// <summary>How a chunk's bytes stand in its file.</summary>
internal enum ChunkEncoding : byte
{
    /// <summary>As they are.</summary>
    Raw = 0,

    /// <summary>One zstd frame.</summary>
    Zstd = 1,
}
