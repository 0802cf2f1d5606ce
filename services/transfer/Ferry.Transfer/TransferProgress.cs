using Ferry.Contracts;
using Ferry.Contracts.Conversions;
using Ferry.Contracts.Transfer;
using Ferry.Hosting.Jobs;

namespace Ferry.Transfer;

/// <summary>Counts the bytes of several connections and reports them.</summary>
internal sealed class TransferProgress(JobContext<TransferDisk> job)
{
    private long done;
    private long total;

    /// <summary>Bytes of the disk that are dealt with.</summary>
    public static long BytesOf(ByteCounts bytes) => bytes.Written + bytes.Zero + bytes.Deduplicated;

    /// <summary>Begins to count.</summary>
    public void Start(long bytesDone, long bytesTotal)
    {
        (done, total) = (bytesDone, bytesTotal);
        Report(bytesDone, null);
    }

    /// <summary>Counts bytes that are done.</summary>
    public void Add(long bytes) => Report(Interlocked.Add(ref done, bytes), null);

    /// <summary>Says what the job waits for.</summary>
    public void Wait(WaitingFor waitingFor) => Report(Interlocked.Read(ref done), waitingFor);

    private void Report(long bytesDone, WaitingFor? waitingFor) => job.Report(new DiskProgress
    {
        Step = "transfer",
        Disk = job.Command.Disk,
        BytesDone = bytesDone,
        BytesTotal = total,
        Activity = "transferring",
        WaitingFor = waitingFor,
    });
}
