using Ferry.Chunks.Manifests;

namespace Ferry.Chunks.Slices;

/// <summary>
/// Cuts what is not proven of a manifest into slices, in ascending order, for several workers. A slice grows or shrinks so that it takes about the
/// target time; chunks that need no work do not count. Safe for concurrent use.
/// </summary>
public sealed class SliceQueue(ManifestReader manifest, Func<ManifestEntry, bool> needsWork, ProvenEntries proven, SliceLimits limits) : IDisposable
{
    private readonly SemaphoreSlim gate = new(1, 1);
    private readonly ManifestEntry[] window = new ManifestEntry[Math.Max(limits.MaxSpan, 1)];
    private readonly Queue<ManifestSlice> returned = new();
    private long windowFirst;
    private int windowCount;
    private long next;
    private double size = limits.FirstWorkChunks;

    /// <summary>How many work chunks the next slice will have at most.</summary>
    public int WorkChunks => (int)Volatile.Read(ref size);

    /// <summary>The next slice, or null when all are handed out.</summary>
    public async ValueTask<ManifestSlice?> NextAsync(CancellationToken cancellationToken)
    {
        await gate.WaitAsync(cancellationToken);
        try
        {
            if (returned.TryDequeue(out var rest))
            {
                return CutToSize(rest);
            }

            var first = await SeekWorkAsync(cancellationToken);
            if (first < 0)
            {
                return null;
            }

            var end = Math.Min(Math.Min(proven.NextProven(first), first + limits.MaxSpan), manifest.Header.ChunkCount);
            var (count, work) = (0, 0);
            for (var chunk = first; chunk < end && work < WorkChunks; chunk++)
            {
                if (needsWork(await EntryAsync(chunk, cancellationToken)))
                {
                    work++;
                    count = (int)(chunk - first) + 1;
                }
            }

            var entries = new ManifestEntry[count];
            for (var i = 0; i < count; i++)
            {
                entries[i] = await EntryAsync(first + i, cancellationToken);
            }

            next = first + count;
            return new ManifestSlice(first, entries, work);
        }
        finally
        {
            gate.Release();
        }
    }

    /// <summary>How slices are limited.</summary>
    public SliceLimits Limits => limits;

    /// <summary>Takes back what is behind the first chunks of a slice that took too long; it is handed out again.</summary>
    /// <returns>The slice of the chunks that are done: to be proven, and timed with <see cref="Took"/>.</returns>
    public async ValueTask<ManifestSlice> CutAsync(ManifestSlice slice, int done, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(slice);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(done);
        await gate.WaitAsync(cancellationToken);
        try
        {
            return Cut(slice, done);
        }
        finally
        {
            gate.Release();
        }
    }

    /// <summary>Tells how long a slice took, so that the next ones take the target time.</summary>
    public void Took(ManifestSlice slice, TimeSpan time)
    {
        ArgumentNullException.ThrowIfNull(slice);
        var seconds = Math.Max(time.TotalSeconds, 0.000_1);
        var ideal = slice.WorkChunks * limits.TargetTime.TotalSeconds / seconds;
        var current = Volatile.Read(ref size);
        Volatile.Write(ref size, Math.Clamp(Math.Clamp(ideal, current / 4, current * 2), 1, limits.MaxWorkChunks));
    }

    /// <inheritdoc/>
    public void Dispose() => gate.Dispose();

    private ManifestSlice Cut(ManifestSlice slice, int done)
    {
        var left = Work(slice.Entries.Span[done..]);
        if (left > 0)
        {
            returned.Enqueue(new ManifestSlice(slice.First + done, slice.Entries[done..], left));
        }

        return new ManifestSlice(slice.First, slice.Entries[..done], slice.WorkChunks - left);
    }

    private ManifestSlice CutToSize(ManifestSlice slice)
    {
        var work = 0;
        for (var i = 0; i < slice.Count; i++)
        {
            work += needsWork(slice.Entries.Span[i]) ? 1 : 0;
            if (work == WorkChunks)
            {
                return Cut(slice, i + 1);
            }
        }

        return slice;
    }

    private int Work(ReadOnlySpan<ManifestEntry> entries)
    {
        var work = 0;
        foreach (var entry in entries)
        {
            work += needsWork(entry) ? 1 : 0;
        }

        return work;
    }

    private async ValueTask<long> SeekWorkAsync(CancellationToken cancellationToken)
    {
        while (next < manifest.Header.ChunkCount)
        {
            var end = proven.EndOfRun(next);
            if (end > next)
            {
                next = end;
            }
            else if (needsWork(await EntryAsync(next, cancellationToken)))
            {
                return next;
            }
            else
            {
                next++;
            }
        }

        return -1;
    }

    private async ValueTask<ManifestEntry> EntryAsync(long chunk, CancellationToken cancellationToken)
    {
        if (chunk < windowFirst || chunk >= windowFirst + windowCount)
        {
            var count = (int)Math.Min(window.Length, manifest.Header.ChunkCount - chunk);
            await EntryWindow.ReadAsync(manifest, chunk, window.AsMemory(0, count), cancellationToken);
            (windowFirst, windowCount) = (chunk, count);
        }

        return window[chunk - windowFirst];
    }
}
