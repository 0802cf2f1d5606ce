using Ferry.Chunks.Manifests;

namespace Ferry.Chunks.Slices;

/// <summary>Reads a manifest a window of entries at a time, so that a disk of any size needs little memory.</summary>
public static class EntryWindow
{
    /// <summary>Entries in a window.</summary>
    public const int Size = 8192;

    /// <summary>Fills <paramref name="entries"/> with the entries from chunk <paramref name="first"/> on.</summary>
    public static async ValueTask ReadAsync(ManifestReader manifest, long first, Memory<ManifestEntry> entries, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        await foreach (var run in manifest.ReadRunsAsync(first, entries.Length, cancellationToken))
        {
            entries.Span.Slice((int)(run.First - first), (int)run.Count).Fill(run.Entry);
        }
    }

    /// <summary>The manifest's entries with those that are proven in their place, window by window. The memory is used again for the next window.</summary>
    public static async IAsyncEnumerable<(long First, ReadOnlyMemory<ManifestEntry> Entries)> OverlaidAsync(
        ManifestReader manifest,
        ProvenEntries proven,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        ArgumentNullException.ThrowIfNull(proven);
        var window = new ManifestEntry[(int)Math.Min(Size, manifest.Header.ChunkCount)];
        for (var first = 0L; first < manifest.Header.ChunkCount; first += window.Length)
        {
            var entries = window.AsMemory(0, (int)Math.Min(window.Length, manifest.Header.ChunkCount - first));
            await ReadAsync(manifest, first, entries, cancellationToken);
            proven.Overlay(first, entries.Span);
            yield return (first, entries);
        }
    }
}
