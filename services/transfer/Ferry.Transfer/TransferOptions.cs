using System.ComponentModel.DataAnnotations;

namespace Ferry.Transfer;

/// <summary>
/// Options of the transfer service. Its measure of concurrency is the connection to a source, and each needs a slot: at most <see cref="MaxConnections"/> in all and
/// <see cref="MaxConnectionsPerHost"/> to one host, over all replicas; a job uses up to <see cref="Connections"/> of them for the file that it moves, at least one. How many jobs
/// run follows from that; <see cref="MaxJobs"/> only bounds what one process looks at.
/// </summary>
public sealed class TransferOptions
{
    /// <summary>Section in the configuration.</summary>
    public const string SectionName = "Ferry:Transfer";

    /// <summary>Connections of one job at most: it moves one file at a time.</summary>
    [Range(1, 32)]
    public int Connections { get; set; } = 4;

    /// <summary>Connections of all jobs of all replicas, unless the limits say otherwise.</summary>
    [Range(1, 10_000)]
    public int MaxConnections { get; set; } = 64;

    /// <summary>Connections of all jobs of all replicas to one source host and port, unless the limits say otherwise. ESXi serves few at a time.</summary>
    [Range(1, 10_000)]
    public int MaxConnectionsPerHost { get; set; } = 8;

    /// <summary>Jobs that one process has claimed at a time; one without a slot is given back at once.</summary>
    [Range(1, 10_000)]
    public int MaxJobs { get; set; } = 64;

    /// <summary>After so long a job gives its last connection to a waiting one of the same priority.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan TurnTime { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Least time between a transient error and the next try, unless the job says otherwise.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "1.00:00:00")]
    public TimeSpan MinimumRetry { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>No try waits longer than this, unless the server asks for it (Retry-After, an hour at most).</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "1.00:00:00")]
    public TimeSpan MaximumRetry { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>Time from the first transient error without proven progress after which a job ends in Error, unless it says otherwise; 0: every error is final.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "90.00:00:00")]
    public TimeSpan NoProgress { get; set; } = TimeSpan.FromHours(1);

    /// <summary>Answers for other bytes than were asked for, one after the other, that a source may give before the job ends in Error.</summary>
    [Range(1, 1000)]
    public int MaxBadAnswers { get; set; } = 5;

    /// <summary>Requests that one client of an upload may have open at once, on one process.</summary>
    [Range(1, 1000)]
    public int UploadConnections { get; set; } = 16;

    /// <summary>Requests of all uploads that one process serves at once; each takes the memory of one chunk.</summary>
    [Range(1, 10_000)]
    public int MaxUploadRequests { get; set; } = 64;

    /// <summary>An upload whose client is silent for this long has a transient error.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "1.00:00:00")]
    public TimeSpan UploadSilence { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>How long acknowledged and cancelled jobs stay in the list.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "3650.00:00:00")]
    public TimeSpan KeepEnded { get; set; } = TimeSpan.FromDays(30);

    /// <summary>Bytes that are asked for with one request at most; at least one chunk.</summary>
    [Range(64 << 10, 64 << 20)]
    public int ReadBytes { get; set; } = 4 << 20;

    /// <summary>How long a slice should take; a crash costs at most this much work per connection.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:00:02")]
    public TimeSpan SliceTime { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Most chunks of one slice.</summary>
    [Range(1, 8192)]
    public int MaxSliceChunks { get; set; } = 512;

    /// <summary>A connection on which no byte comes for this long has failed; the rest is asked for again.</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "01:00:00")]
    public TimeSpan IdleTimeout { get; set; } = TimeSpan.FromSeconds(30);
}
