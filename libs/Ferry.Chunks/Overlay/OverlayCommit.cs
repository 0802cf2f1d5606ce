namespace Ferry.Chunks.Overlay;

/// <summary>What a commit made of an overlay.</summary>
/// <param name="Root">The new manifest; the one below when nothing changed.</param>
/// <param name="ChangedChunks">Indexes of the chunks whose bytes differ from the disk below, ascending.</param>
/// <param name="WrittenChunks">Number of chunks that were written at all, with the same bytes or with others.</param>
public sealed record OverlayCommit(ChunkId Root, IReadOnlyList<long> ChangedChunks, long WrittenChunks);
