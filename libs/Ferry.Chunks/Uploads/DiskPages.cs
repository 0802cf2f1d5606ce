using System.Buffers;
using Ferry.Chunks.Manifests;
using Ferry.DiskImages;

namespace Ferry.Chunks.Uploads;

/// <summary>Reads the entries of a disk page by page, in ascending order: what is used is read and hashed on several threads. Not for concurrent use.</summary>
internal sealed class DiskPages(IDiskImageReader disk, IReadOnlyList<DiskRange> unused, int chunkSize, int threads, Action<long> read)
{
    private readonly UnusedChunks states = new(unused, disk.Capacity, chunkSize);

    /// <summary>Number of chunks of the disk.</summary>
    public long Chunks => (disk.Capacity + chunkSize - 1) / chunkSize;

    /// <summary>Number of pages of the disk.</summary>
    public int Count => (int)((Chunks + ManifestHeader.EntriesPerPage - 1) / ManifestHeader.EntriesPerPage);

    /// <summary>Length of a chunk in bytes.</summary>
    public int LengthOf(long chunk) => (int)Math.Min(chunkSize, disk.Capacity - (chunk * chunkSize));

    /// <summary>Entries of a page.</summary>
    public int EntriesOf(int page) => (int)Math.Min(ManifestHeader.EntriesPerPage, Chunks - ((long)page * ManifestHeader.EntriesPerPage));

    /// <summary>Reads one page.</summary>
    /// <exception cref="DiskImageException">The disk cannot be read.</exception>
    public async Task<ManifestEntry[]> ReadAsync(int page, CancellationToken cancellationToken)
    {
        var first = (long)page * ManifestHeader.EntriesPerPage;
        var entries = new ManifestEntry[EntriesOf(page)];
        var data = await PlanAsync(first, entries, cancellationToken).ConfigureAwait(false);
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(data, parallel, async (index, token) =>
        {
            var length = LengthOf(first + index);
            var buffer = ArrayPool<byte>.Shared.Rent(length);
            try
            {
                await disk.ReadAsync((first + index) * chunkSize, buffer.AsMemory(0, length), token).ConfigureAwait(false);
                entries[index] = buffer.AsSpan(0, length).ContainsAnyExcept((byte)0) ? new ManifestEntry(ChunkState.Stored, ChunkId.Of(buffer.AsSpan(0, length))) : default;
                read(length);
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(buffer);
            }
        }).ConfigureAwait(false);
        return entries;
    }

    // Zero and unused are filled in; what has to be read is returned.
    private async Task<List<int>> PlanAsync(long first, ManifestEntry[] entries, CancellationToken cancellationToken)
    {
        var data = new List<int>();
        var offset = first * chunkSize;
        var length = Math.Min((long)entries.Length * chunkSize, disk.Capacity - offset);
        var next = first;
        await foreach (var extent in disk.GetExtentsAsync(offset, length, cancellationToken).ConfigureAwait(false))
        {
            if (extent.Kind is not ExtentKind.Data)
            {
                continue;
            }

            var end = ((extent.End - 1) / chunkSize) + 1;
            for (next = Math.Max(next, extent.Offset / chunkSize); next < end;)
            {
                var (state, until) = states.StateAt(next);
                for (until = Math.Min(until, end); next < until; next++)
                {
                    if (state is ChunkState.Unused)
                    {
                        entries[next - first] = new ManifestEntry(ChunkState.Unused);
                    }
                    else
                    {
                        data.Add((int)(next - first));
                    }
                }
            }
        }

        return data;
    }
}
