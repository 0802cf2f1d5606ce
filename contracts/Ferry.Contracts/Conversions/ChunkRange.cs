namespace Ferry.Contracts.Conversions;

/// <summary>A range of chunks of a disk.</summary>
/// <param name="First">Index of the first chunk.</param>
/// <param name="Count">Number of chunks, at least 1.</param>
public sealed record ChunkRange(long First, long Count);
