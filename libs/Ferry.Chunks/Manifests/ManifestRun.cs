namespace Ferry.Chunks.Manifests;

/// <summary>Neighbouring chunks with equal entries. Chunks with ids come one by one, unless their ids are equal too.</summary>
/// <param name="First">Index of the first chunk.</param>
/// <param name="Count">Number of chunks, at least 1.</param>
/// <param name="Entry">The entry of each.</param>
public readonly record struct ManifestRun(long First, long Count, ManifestEntry Entry)
{
    /// <summary>The first index behind the run.</summary>
    public long End => First + Count;
}
