namespace Ferry.Chunks.Manifests;

/// <summary>A range of chunks of a disk.</summary>
/// <param name="First">Index of the first chunk.</param>
/// <param name="Count">Number of chunks, at least 1.</param>
public readonly record struct ChunkRange(long First, long Count)
{
    /// <summary>The first index behind the range.</summary>
    public long End => First + Count;
}
