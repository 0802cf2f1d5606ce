using Ferry.Contracts.Transfer;
using Ferry.Transfer.Jobs;

namespace Ferry.Transfer.Uploads;

/// <summary>The counters of an upload.</summary>
internal static class UploadCounting
{
    /// <summary>Adds what came; that the client has shown itself is a change, too.</summary>
    public static bool Add(TransferJobDocument job, IReadOnlyDictionary<int, UploadTally> tallies, DateTimeOffset now)
    {
        if (TransferTransitions.IsFinal(job.State))
        {
            return false;
        }

        job.SeenAt = now;
        foreach (var (index, tally) in tallies)
        {
            var file = job.Files[index].Upload!;
            file.ResentBytes += tally.ResentBytes;
            if (!job.Files[index].Done)
            {
                file.StoredBytes += tally.StoredBytes;
            }

            if (tally.StoredBytes > 0)
            {
                Progress(job, now);
            }
        }

        Apply(job);
        return true;
    }

    /// <summary>Something was proven: whatever went wrong before is over.</summary>
    public static void Progress(TransferJobDocument job, DateTimeOffset now) =>
        (job.SeenAt, job.ProgressAt, job.Retries, job.BadAnswers, job.NoProgressSince) = (now, now, 0, 0, null);

    /// <summary>Computes the counters from those of the files.</summary>
    public static void Apply(TransferJobDocument job) => job.Counters = new TransferCounters
    {
        BytesTotal = job.Files.Sum(file => file.Size ?? 0),
        BytesDone = job.Files.Sum(file => file.Done ? file.Size ?? 0 : Math.Min(file.Size ?? 0, file.Upload!.ZeroBytes + file.Upload.DeduplicatedBytes + file.Upload.StoredBytes)),
        BytesMoved = job.Files.Sum(file => file.Upload!.StoredBytes + file.Upload.ResentBytes),
        BytesDeduplicated = job.Files.Sum(file => file.Upload!.DeduplicatedBytes),
        BytesResent = job.Files.Sum(file => file.Upload!.ResentBytes),
        FilesTotal = job.Files.Count,
        FilesDone = job.Files.Count(file => file.Done),
    };
}
