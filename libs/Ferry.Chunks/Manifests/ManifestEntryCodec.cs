namespace Ferry.Chunks.Manifests;

/// <summary>Manifest entries as bytes, as the documents of proven slices hold them: one state byte and 32 id bytes per chunk.</summary>
public static class ManifestEntryCodec
{
    /// <summary>Bytes of one entry.</summary>
    public const int EntrySize = 1 + ChunkId.Size;

    /// <summary>Writes one entry.</summary>
    public static void Write(Span<byte> destination, ManifestEntry entry)
    {
        destination[0] = (byte)entry.State;
        entry.Id.WriteTo(destination[1..EntrySize]);
    }

    /// <summary>Reads one entry.</summary>
    /// <exception cref="Store.ChunkStoreException">The state is none that a manifest knows.</exception>
    public static ManifestEntry Read(ReadOnlySpan<byte> source)
    {
        var state = (ChunkState)source[0];
        return state <= ChunkState.OriginHashed
            ? new ManifestEntry(state, new ChunkId(source[1..EntrySize]))
            : throw new Store.ChunkStoreException(Store.ChunkStoreErrors.BadManifest, $"A proven slice holds an entry with the unknown state {source[0]}.");
    }

    /// <summary>Writes entries one behind the other.</summary>
    public static void Write(Span<byte> destination, ReadOnlySpan<ManifestEntry> entries)
    {
        for (var i = 0; i < entries.Length; i++)
        {
            Write(destination[(i * EntrySize)..], entries[i]);
        }
    }
}
