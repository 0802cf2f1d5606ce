using Ferry.Chunks.Manifests;

namespace Ferry.Chunks.Uploads;

/// <summary>The counters of a run. Safe for concurrent use.</summary>
internal sealed class DiskUploadState(long bytes, IProgress<DiskUploadProgress>? progress)
{
    private readonly Lock gate = new();
    private long read;
    private long done;
    private long moved;
    private string? waiting;

    public long Bytes => bytes;

    public long BytesZero { get; private set; }

    public long BytesMoved
    {
        get
        {
            lock (gate)
            {
                return moved;
            }
        }
    }

    /// <summary>Another round over all pages begins.</summary>
    public void Begin()
    {
        lock (gate)
        {
            (read, done, BytesZero) = (0, 0, 0);
        }
    }

    public void Read(long count) => Change(() => read += count);

    public void Sent(long count) => Change(() => (done, moved) = (done + count, moved + count));

    public void Wait(string? reason) => Change(() => waiting = reason);

    /// <summary>A page was negotiated; returns the chunks that are to be sent.</summary>
    public List<int> Negotiated(DiskPages pages, int page, ManifestEntry[] entries, byte[] missing)
    {
        var ask = new List<int>();
        var (zero, there) = (0L, 0L);
        for (var i = 0; i < entries.Length; i++)
        {
            var length = pages.LengthOf(((long)page * ManifestHeader.EntriesPerPage) + i);
            if (entries[i].State.ReadsAsZero())
            {
                zero += length;
            }
            else if ((missing[i / 8] & (1 << (i % 8))) != 0)
            {
                ask.Add(i);
            }
            else
            {
                there += length;
            }
        }

        Change(() =>
        {
            BytesZero += zero;
            done += zero + there;
        });
        return ask;
    }

    private void Change(Action change)
    {
        DiskUploadProgress now;
        lock (gate)
        {
            change();
            now = new DiskUploadProgress(read, done, bytes, waiting);
        }

        progress?.Report(now);
    }
}
