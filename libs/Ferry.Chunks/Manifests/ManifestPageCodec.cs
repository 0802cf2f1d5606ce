using System.Buffers;
using Ferry.Chunks.Store;

namespace Ferry.Chunks.Manifests;

/// <summary>A page of manifest entries on its own, as clients of uploads send it (docs/formats/manifest.md). Every list of entries has exactly one page, so the page has an id.</summary>
public static class ManifestPageCodec
{
    /// <summary>Bytes of the largest page.</summary>
    public const int MaxSize = ManifestPage.MaxSize;

    /// <summary>Writes a page.</summary>
    /// <param name="entries">1 to <see cref="ManifestHeader.EntriesPerPage"/> entries.</param>
    /// <exception cref="ArgumentException">Too few or too many.</exception>
    public static byte[] Write(ReadOnlySpan<ManifestEntry> entries)
    {
        if (entries.Length is 0 or > ManifestHeader.EntriesPerPage)
        {
            throw new ArgumentException($"A page has 1 to {ManifestHeader.EntriesPerPage} entries.", nameof(entries));
        }

        var states = new ChunkState[entries.Length];
        byte[] ids = ArrayPool<byte>.Shared.Rent(entries.Length * ChunkId.Size);
        byte[] page = ArrayPool<byte>.Shared.Rent(MaxSize);
        try
        {
            int idBytes = 0;
            for (int i = 0; i < entries.Length; i++)
            {
                states[i] = entries[i].State;
                if (entries[i].State.HasId())
                {
                    entries[i].Id.WriteTo(ids.AsSpan(idBytes));
                    idBytes += ChunkId.Size;
                }
            }

            return page[..ManifestPage.Write(states, ids.AsSpan(0, idBytes), page)];
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(ids);
            ArrayPool<byte>.Shared.Return(page);
        }
    }

    /// <summary>Reads a page and checks all of it.</summary>
    /// <exception cref="ChunkStoreException"><see cref="ChunkStoreErrors.BadManifest"/>.</exception>
    public static ManifestEntry[] Read(ReadOnlySpan<byte> source)
    {
        ManifestPage page = ManifestPage.Read(source, ChunkId.Of(source));
        var entries = new ManifestEntry[page.Count];
        for (int run = 0; run < page.RunCount; run++)
        {
            (_, int start, int end) = page.GetRun(run);
            for (int i = start; i < end; i++)
            {
                entries[i] = page.GetEntry(run, i);
            }
        }

        return entries;
    }
}
