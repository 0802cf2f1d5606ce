using Ferry.Contracts;
using Ferry.Contracts.Conversions;

namespace Ferry.Conversion.Images;

/// <summary>Counts the bytes of several workers and reports them.</summary>
public sealed class ConversionProgress(DiskWork work, string activity)
{
    private long done;
    private long total;

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

    private void Report(long bytesDone, WaitingFor? waitingFor) => work.Job.Report(new DiskProgress
    {
        Step = "convert",
        Disk = work.Command.Disk,
        BytesDone = bytesDone,
        BytesTotal = total,
        Activity = activity,
        WaitingFor = waitingFor,
    });
}
