using System.ComponentModel.DataAnnotations;

namespace Ferry.Hosting.Jobs;

/// <summary>How workers lease, renew and retry jobs. The same for every service of a process.</summary>
public sealed class JobOptions
{
    /// <summary>Section of the configuration.</summary>
    public const string SectionName = "Ferry:Jobs";

    /// <summary>Length of a lease: so long after the death of its worker a job is taken over.</summary>
    [Range(0.2, 3600)]
    public double LeaseSeconds { get; set; } = 45;

    /// <summary>How often a lease is renewed; well under half of the lease.</summary>
    [Range(0.05, 1800)]
    public double RenewSeconds { get; set; } = 10;

    /// <summary>How often a worker looks for jobs that no local message told it of.</summary>
    [Range(0.01, 600)]
    public double PollSeconds { get; set; } = 1;

    /// <summary>
    /// Jobs that one service of one process runs at a time: what the machine's processors and memory can do. It does not limit transfers, whose measure is the
    /// connection: see the slots of <c>Ferry:Transfer</c>.
    /// </summary>
    [Range(1, 1024)]
    public int MaxConcurrent { get; set; } = 4;

    /// <summary>Transient failures without a proven slice between them before a job fails for good.</summary>
    [Range(0, 1000)]
    public int MaxRetries { get; set; } = 5;

    /// <summary>The first retry waits up to this long, each further one up to twice as long (full jitter).</summary>
    [Range(0, 3600)]
    public double RetryBaseSeconds { get; set; } = 5;

    /// <summary>No retry waits longer than this.</summary>
    [Range(0, 86400)]
    public double RetryMaxSeconds { get; set; } = 600;

    /// <summary>
    /// Whether a job that needs something from outside, space in the chunk store for example, waits for it as long as it takes. Without, it fails: for a command whose user stands before it.
    /// </summary>
    public bool WaitForOutside { get; set; } = true;

    /// <summary>How often a job is tried again that waits for something outside of it, for space in the chunk store for example.</summary>
    [Range(0.05, 3600)]
    public double WaitRetrySeconds { get; set; } = 15;

    /// <summary>Workers that may die on a job, one after the other and without proving a slice, before it fails for good.</summary>
    [Range(1, 1000)]
    public int MaxCrashes { get; set; } = 20;

    /// <summary>How long a release waits for the running jobs of its conversion before it fences them off.</summary>
    [Range(0.1, 3600)]
    public double ReleaseWaitSeconds { get; set; } = 120;

    /// <summary>How often a service says what its ledger holds, so that what belongs to no running conversion is found; at its start too.</summary>
    [Range(1, 86400)]
    public double ReconcileSeconds { get; set; } = 3600;

    /// <summary>Days for which the jobs of a conversion stay after its resources were released, for commands that come again.</summary>
    [Range(0.00001, 3650)]
    public double KeepEndedDays { get; set; } = 30;

    /// <summary>
    /// Whether jobs that say they are running are free at start. Only for a store that this process has for itself: there a running job is left from a process that died.
    /// </summary>
    public bool ReclaimAtStart { get; set; }

    internal TimeSpan Lease => TimeSpan.FromSeconds(LeaseSeconds);

    internal TimeSpan Renew => TimeSpan.FromSeconds(Math.Min(RenewSeconds, LeaseSeconds / 3));

    internal TimeSpan Poll => TimeSpan.FromSeconds(PollSeconds);

    /// <summary>Time without a renewal after which a worker must stop: another may have the job soon.</summary>
    internal TimeSpan Surrender => TimeSpan.FromSeconds(LeaseSeconds * 2 / 3);

    internal TimeSpan WaitRetry => TimeSpan.FromSeconds(WaitRetrySeconds);

    internal TimeSpan KeepEnded => TimeSpan.FromDays(KeepEndedDays);

    internal TimeSpan ReleaseWait => TimeSpan.FromSeconds(ReleaseWaitSeconds);
}
