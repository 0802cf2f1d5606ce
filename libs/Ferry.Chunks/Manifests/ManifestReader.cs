using System.Buffers;
using System.Runtime.CompilerServices;
using Ferry.Chunks.Store;

namespace Ferry.Chunks.Manifests;

/// <summary>Reads a manifest. Only a few pages are held in memory, whatever the disk's size. Safe for concurrent use.</summary>
public sealed class ManifestReader
{
    private const int CachedPages = 4;
    private readonly IChunkStore store;
    private readonly Lock gate = new();
    private readonly List<(ChunkId Id, ManifestPage Page)> cache = [];

    internal ManifestReader(IChunkStore store, ChunkId root, ManifestHeader header)
    {
        this.store = store;
        Root = root;
        Header = header;
    }

    /// <summary>The root id.</summary>
    public ChunkId Root { get; }

    /// <summary>Everything but the entries.</summary>
    public ManifestHeader Header { get; }

    /// <summary>The entry of one chunk.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The disk has no such chunk.</exception>
    /// <exception cref="ChunkStoreException">A page is missing or malformed.</exception>
    public async ValueTask<ManifestEntry> GetAsync(long index, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Header.ChunkCount);
        ManifestPage page = await GetPageAsync((int)(index / ManifestHeader.EntriesPerPage), cancellationToken);
        int entry = (int)(index % ManifestHeader.EntriesPerPage);
        return page.GetEntry(page.FindRun(entry), entry);
    }

    /// <summary>The entries of a range of chunks in order.</summary>
    public async IAsyncEnumerable<ManifestEntry> ReadEntriesAsync(long first, long count, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (ManifestRun run in ReadRunsAsync(first, count, cancellationToken))
        {
            for (long i = 0; i < run.Count; i++)
            {
                yield return run.Entry;
            }
        }
    }

    /// <summary>The same as runs, so that an empty disk of any size costs next to nothing. A run never crosses from one page to the next.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The disk has no such chunks.</exception>
    /// <exception cref="ChunkStoreException">A page is missing or malformed.</exception>
    public async IAsyncEnumerable<ManifestRun> ReadRunsAsync(long first, long count, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, Header.ChunkCount - first);
        long end = first + count;
        while (first < end)
        {
            int number = (int)(first / ManifestHeader.EntriesPerPage);
            long pageStart = (long)number * ManifestHeader.EntriesPerPage;
            ManifestPage page = await GetPageAsync(number, cancellationToken);
            int index = (int)(first - pageStart);
            int stop = (int)Math.Min(page.Count, end - pageStart);
            for (int run = page.FindRun(index); index < stop; run++)
            {
                (ChunkState state, _, int runEnd) = page.GetRun(run);
                runEnd = Math.Min(runEnd, stop);
                while (index < runEnd)
                {
                    int length = state.HasId() ? EqualEntries(page, run, index, runEnd) : runEnd - index;
                    yield return new ManifestRun(pageStart + index, length, page.GetEntry(run, index));
                    index += length;
                }
            }

            first = pageStart + stop;
        }
    }

    /// <summary>The entries of all chunks as runs.</summary>
    public IAsyncEnumerable<ManifestRun> ReadRunsAsync(CancellationToken cancellationToken = default) => ReadRunsAsync(0, Header.ChunkCount, cancellationToken);

    private static int EqualEntries(ManifestPage page, int run, int index, int end)
    {
        ManifestEntry entry = page.GetEntry(run, index);
        int next = index + 1;
        while (next < end && page.GetEntry(run, next).Id == entry.Id)
        {
            next++;
        }

        return next - index;
    }

    private async ValueTask<ManifestPage> GetPageAsync(int number, CancellationToken cancellationToken)
    {
        ChunkId id = Header.Pages[number];
        if (TryGetCached(id) is { } cached)
        {
            return CheckCount(cached, number);
        }

        byte[] buffer = ArrayPool<byte>.Shared.Rent(ManifestPage.MaxSize);
        ManifestPage page;
        try
        {
            int length = await ManifestStore.ReadAsync(store, id, buffer.AsMemory(0, ManifestPage.MaxSize), cancellationToken);
            page = ManifestPage.Read(buffer.AsSpan(0, length), id);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        lock (gate)
        {
            if (cache.Count == CachedPages)
            {
                cache.RemoveAt(0);
            }

            cache.Add((id, page));
        }

        return CheckCount(page, number);
    }

    private ManifestPage? TryGetCached(ChunkId id)
    {
        lock (gate)
        {
            int found = cache.FindIndex(c => c.Id == id);
            if (found < 0)
            {
                return null;
            }

            (ChunkId Id, ManifestPage Page) hit = cache[found];
            cache.RemoveAt(found);
            cache.Add(hit);
            return hit.Page;
        }
    }

    private ManifestPage CheckCount(ManifestPage page, int number)
    {
        long expected = Math.Min(ManifestHeader.EntriesPerPage, Header.ChunkCount - ((long)number * ManifestHeader.EntriesPerPage));
        return page.Count == expected
            ? page
            : throw new ChunkStoreException(ChunkStoreErrors.BadManifest, $"Page {number} of the manifest has {page.Count} entries instead of {expected}.", Root.ToString());
    }
}
