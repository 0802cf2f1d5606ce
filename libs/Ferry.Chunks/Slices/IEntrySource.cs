using Ferry.Chunks.Manifests;

namespace Ferry.Chunks.Slices;

/// <summary>The entries of a manifest, read where they are needed.</summary>
public interface IEntrySource
{
    /// <summary>Number of chunks.</summary>
    long ChunkCount { get; }

    /// <summary>Fills <paramref name="entries"/> with the entries from chunk <paramref name="first"/> on.</summary>
    ValueTask ReadAsync(long first, Memory<ManifestEntry> entries, CancellationToken cancellationToken = default);
}
