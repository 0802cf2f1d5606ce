namespace Ferry.Transfer.Bandwidth;

/// <summary>A read that waits to be let through.</summary>
internal sealed class BandwidthRequest(BandwidthFlow flow, long bytes, long since, long number)
{
    public BandwidthFlow Flow { get; } = flow;

    public long Bytes { get; } = bytes;

    public long Since { get; } = since;

    /// <summary>Decides between equals: who came first.</summary>
    public long Number { get; } = number;

    public TaskCompletionSource Granted { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}
