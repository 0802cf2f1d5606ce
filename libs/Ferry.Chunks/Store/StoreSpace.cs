using System.Globalization;

namespace Ferry.Chunks.Store;

/// <summary>
/// Quota and free-space reserve of a store. What the store takes is counted when that is first needed, and again now and then, as other processes put and delete too; in
/// between this instance's own puts are added.
/// </summary>
internal sealed class StoreSpace(string root, FolderChunkStoreOptions options, Func<long> count, TimeProvider time)
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan CountEvery = TimeSpan.FromSeconds(30);

    /// <summary>A count may take this part of the time at most.</summary>
    private const int CountShare = 20;

    private readonly string drive = OperatingSystem.IsWindows() ? Path.GetPathRoot(root)! : root;
    private readonly Lock gate = new();
    private long? used;
    private long countedAt;
    private TimeSpan counting;
    private long? free;
    private long lookedAt;

    /// <summary>Free on the store's disk.</summary>
    public long FreeBytes() => new DriveInfo(drive).AvailableFreeSpace;

    /// <summary>Makes sure that a chunk of so many bytes may be put.</summary>
    /// <exception cref="ChunkStoreException"><see cref="ChunkStoreErrors.Full"/>.</exception>
    public void Demand(int length)
    {
        if (options is { QuotaBytes: 0, ReserveBytes: 0 })
        {
            return;
        }

        lock (gate)
        {
            if (options.QuotaBytes > 0 && !FitsQuota(length))
            {
                throw Full($"The chunk store has its quota of {options.QuotaBytes} bytes.");
            }

            if (options.ReserveBytes > 0 && !FitsDisk(length))
            {
                throw Full($"The chunk store's disk has {free} bytes free, of which {options.ReserveBytes} are kept free.");
            }
        }
    }

    /// <summary>Notes that a chunk was put.</summary>
    public void Take(long bytes)
    {
        lock (gate)
        {
            used += bytes;
            free -= bytes;
        }
    }

    private ChunkStoreException Full(FormattableString what) => new(
        ChunkStoreErrors.Full,
        $"{what.ToString(CultureInfo.InvariantCulture)} Free space (ferry store gc) or raise the limit; the work goes on from where it stands.",
        root);

    private bool FitsQuota(int length)
    {
        TimeSpan age = time.GetElapsedTime(countedAt);
        if (used is null || age > Longer(CountEvery, counting * CountShare) || (used + length > options.QuotaBytes && age > Longer(LookEvery, counting)))
        {
            long began = time.GetTimestamp();
            used = count();
            countedAt = time.GetTimestamp();
            counting = time.GetElapsedTime(began, countedAt);
        }

        return used + length <= options.QuotaBytes;
    }

    private bool FitsDisk(int length)
    {
        if (free is null || time.GetElapsedTime(lookedAt) > LookEvery || free - length < options.ReserveBytes)
        {
            free = FreeBytes();
            lookedAt = time.GetTimestamp();
        }

        return free - length >= options.ReserveBytes;
    }

    private static TimeSpan Longer(TimeSpan one, TimeSpan other) => one > other ? one : other;
}
