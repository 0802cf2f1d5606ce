using Ferry.Contracts.Conversions;
using Ferry.Contracts.Transfer;

namespace Ferry.Transfer.Jobs;

/// <summary>What one run of a job has proven, with what was proven before. Safe for concurrent use.</summary>
internal sealed class RunProgress(ByteCounts alreadyProven)
{
    private readonly Lock gate = new();
    private readonly ByteCounts before = alreadyProven;
    private ByteCounts bytes = alreadyProven;

    /// <summary>Bytes of all proven slices.</summary>
    public ByteCounts Bytes
    {
        get
        {
            lock (gate)
            {
                return bytes;
            }
        }
    }

    /// <summary>Whether this run has proven anything.</summary>
    public bool Moved => Bytes != before;

    /// <summary>Counts a proven slice.</summary>
    public void Add(ByteCounts slice)
    {
        lock (gate)
        {
            bytes += slice;
        }
    }

    /// <summary>Writes what is known now into the job.</summary>
    public bool Apply(TransferJobDocument job)
    {
        var now = Bytes;
        var counters = new TransferCounters
        {
            BytesTotal = job.Files.Sum(file => file.BytesTotal ?? 0),
            BytesDone = now.Written + now.Zero + now.Deduplicated,
            BytesMoved = now.Read,
            BytesDeduplicated = now.Deduplicated,
            BytesResent = now.Resent,
            FilesTotal = job.Files.Count,
            FilesDone = job.Files.Count(file => file.Done),
        };
        if (Moved)
        {
            // Proven progress: whatever went wrong before is over.
            (job.Retries, job.NoProgressSince) = (0, null);
        }

        if (counters == job.Counters && now == job.Bytes)
        {
            return false;
        }

        (job.Counters, job.Bytes) = (counters, now);
        return true;
    }
}
