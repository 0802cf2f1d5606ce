using Ferry.Chunks.Manifests;

namespace Ferry.Chunks.Slices;

/// <summary>What proven slices say of their chunks. Slices may leave holes and may overlap (two workers around a lost lease); the first one counts.</summary>
public sealed class ProvenEntries
{
    private readonly List<(long First, int Skip, int Count, ReadOnlyMemory<byte> Entries)> runs = [];

    /// <summary>Takes slices in any order.</summary>
    /// <exception cref="Store.ChunkStoreException">A slice does not lie in the manifest, or its entries do not fit its count.</exception>
    public ProvenEntries(IEnumerable<(long First, int Count, ReadOnlyMemory<byte> Entries)> slices, long chunkCount)
    {
        ArgumentNullException.ThrowIfNull(slices);
        var next = 0L;
        foreach (var (first, count, entries) in slices.OrderBy(slice => slice.First).ThenByDescending(slice => slice.Count))
        {
            if (first < 0 || count <= 0 || first > chunkCount - count || entries.Length != (long)count * ManifestEntryCodec.EntrySize)
            {
                throw new Store.ChunkStoreException(
                    Store.ChunkStoreErrors.BadManifest, $"A proven slice at chunk {first} does not fit its manifest of {chunkCount} chunks.");
            }

            var skip = (int)Math.Clamp(next - first, 0, count);
            if (skip < count)
            {
                runs.Add((first + skip, skip, count - skip, entries));
                Count += count - skip;
                next = first + count;
            }
        }
    }

    /// <summary>Number of chunks that are proven.</summary>
    public long Count { get; }

    /// <summary>The end of the proven run that holds <paramref name="chunk"/>, or the chunk itself when it is not proven.</summary>
    public long EndOfRun(long chunk)
    {
        var index = Find(chunk);
        return index < 0 ? chunk : runs[index].First + runs[index].Count;
    }

    /// <summary>The first proven chunk at or behind <paramref name="chunk"/>; <see cref="long.MaxValue"/> when there is none.</summary>
    public long NextProven(long chunk)
    {
        var index = Find(chunk);
        if (index >= 0)
        {
            return chunk;
        }

        return ~index < runs.Count ? runs[~index].First : long.MaxValue;
    }

    /// <summary>Replaces the entries of a range, that the manifest had, by those that are proven.</summary>
    public void Overlay(long first, Span<ManifestEntry> entries)
    {
        var index = Find(first);
        for (var run = index < 0 ? ~index : index; run < runs.Count && runs[run].First < first + entries.Length; run++)
        {
            var (start, skip, count, bytes) = runs[run];
            var from = Math.Max(start, first);
            var to = Math.Min(start + count, first + entries.Length);
            for (var chunk = from; chunk < to; chunk++)
            {
                entries[(int)(chunk - first)] = ManifestEntryCodec.Read(bytes.Span[((int)(chunk - start + skip) * ManifestEntryCodec.EntrySize)..]);
            }
        }
    }

    /// <summary>Index of the run that holds the chunk, or the complement of the index of the next run.</summary>
    private int Find(long chunk)
    {
        var (low, high) = (0, runs.Count - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            if (chunk < runs[middle].First)
            {
                high = middle - 1;
            }
            else if (chunk >= runs[middle].First + runs[middle].Count)
            {
                low = middle + 1;
            }
            else
            {
                return middle;
            }
        }

        return ~low;
    }
}
