using Ferry.Chunks.Manifests;

namespace Ferry.Chunks.Slices;

/// <summary>A range of chunks that one worker does in one go and then proves.</summary>
/// <param name="First">Index of the first chunk.</param>
/// <param name="Entries">The manifest's entries of the range.</param>
/// <param name="WorkChunks">How many of them have to be worked on.</param>
public sealed record ManifestSlice(long First, ReadOnlyMemory<ManifestEntry> Entries, int WorkChunks)
{
    /// <summary>Number of chunks.</summary>
    public int Count => Entries.Length;
}
