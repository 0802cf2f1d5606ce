namespace Ferry.Chunks.Collection;

/// <summary>What the live manifests need.</summary>
/// <param name="Live">Roots, pages and stored chunks.</param>
/// <param name="Manifests">Number of manifests.</param>
/// <param name="ReferencedBytes">Bytes of the disks' stored chunks, each counted as often as a disk has it.</param>
public sealed record MarkedChunks(LiveChunks Live, int Manifests, long ReferencedBytes);
