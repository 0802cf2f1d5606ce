using Ferry.Transfer.Bandwidth;

namespace Ferry.Transfer.Uploads;

/// <summary>What this process knows of an upload that its client is busy with here: no truth, only its share of the bandwidth and what is not yet written down. Safe for concurrent use.</summary>
internal sealed class UploadSession(string jobId, BandwidthFlow flow)
{
    private readonly Lock gate = new();
    private Dictionary<int, UploadTally> tallies = [];
    private bool seen;

    public string JobId { get; } = jobId;

    public BandwidthFlow Flow { get; } = flow;

    /// <summary>Requests that are being served; guarded by the owner.</summary>
    public int Active { get; set; }

    /// <summary>When the last one ended; guarded by the owner.</summary>
    public long IdleSince { get; set; }

    /// <summary>When its event was published last; used by one at a time.</summary>
    public long ToldAt { get; set; }

    /// <summary>Whether something is not written down.</summary>
    public bool HasNews
    {
        get
        {
            lock (gate)
            {
                return seen;
            }
        }
    }

    /// <summary>The client has shown itself.</summary>
    public void See()
    {
        lock (gate)
        {
            seen = true;
        }
    }

    /// <summary>Counts a chunk.</summary>
    public void Count(int file, UploadTally tally)
    {
        lock (gate)
        {
            tallies[file] = tallies.GetValueOrDefault(file) + tally;
            seen = true;
        }
    }

    /// <summary>Takes what is not written down; null when there is nothing.</summary>
    public IReadOnlyDictionary<int, UploadTally>? Take()
    {
        lock (gate)
        {
            if (!seen)
            {
                return null;
            }

            var taken = tallies;
            (tallies, seen) = ([], false);
            return taken;
        }
    }

    /// <summary>Takes back what could not be written down.</summary>
    public void PutBack(IReadOnlyDictionary<int, UploadTally> taken)
    {
        lock (gate)
        {
            seen = true;
            foreach (var (file, tally) in taken)
            {
                tallies[file] = tallies.GetValueOrDefault(file) + tally;
            }
        }
    }
}
