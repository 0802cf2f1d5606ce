namespace Ferry.Chunks.Manifests;

/// <summary>One chunk of a manifest.</summary>
/// <param name="State">Where the bytes are.</param>
/// <param name="Id">The id for <see cref="ChunkState.Stored"/> and <see cref="ChunkState.OriginHashed"/>; default for the others.</param>
public readonly record struct ManifestEntry(ChunkState State, ChunkId Id = default);
