using Ferry.DiskImages;

namespace Ferry.Chunks.Manifests;

/// <summary>Goes through the chunks of a disk in ascending order and tells which lie wholly within an unused range.</summary>
internal sealed class UnusedChunks(IReadOnlyList<DiskRange> unused, long capacity, int chunkSize)
{
    private int next;

    /// <summary>What a chunk that has data is, and the first chunk behind it that may be something else.</summary>
    public (ChunkState State, long Next) StateAt(long chunk)
    {
        for (; next < unused.Count; next++)
        {
            DiskRange range = unused[next];
            long first = (range.Offset + chunkSize - 1) / chunkSize;
            // The last chunk of a disk may be shorter.
            long end = range.End == capacity ? ((capacity - 1) / chunkSize) + 1 : range.End / chunkSize;
            if (chunk < end)
            {
                return chunk < first ? (ChunkState.Origin, first < end ? first : end) : (ChunkState.Unused, end);
            }
        }

        return (ChunkState.Origin, long.MaxValue);
    }
}
