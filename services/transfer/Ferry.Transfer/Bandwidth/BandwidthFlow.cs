using Ferry.Contracts.Transfer;

namespace Ferry.Transfer.Bandwidth;

/// <summary>The traffic of one job: its priority, its share so far, and the limits that it is under.</summary>
public sealed class BandwidthFlow
{
    internal BandwidthFlow(TransferPriority priority, IReadOnlyList<string> limits)
    {
        Priority = priority;
        Limits = limits;
    }

    /// <summary>Priority; may be changed while bytes move.</summary>
    public TransferPriority Priority { get; set; }

    /// <summary>Names of its limits: <c>global</c>, <c>host:NAME</c>, <c>link:NAME</c>.</summary>
    public IReadOnlyList<string> Limits { get; }

    /// <summary>Bytes that it was let through.</summary>
    public long Bytes { get; internal set; }

    /// <summary>Its share: counts with its bytes, and is set to that of the others when it comes (back).</summary>
    internal double Share { get; set; }

    /// <summary>When it asked last.</summary>
    internal long AskedAt { get; set; }

    /// <summary>How many of its requests wait.</summary>
    internal int Waiting { get; set; }
}
