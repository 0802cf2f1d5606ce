using System.Text.Json;
using Ferry.Contracts;
using Ferry.Contracts.Conversions;
using Ferry.Hosting.Outbox;

namespace Ferry.Hosting.Jobs;

/// <summary>A leased job (DESIGN section 2): one per conversion, step, attempt and disk. The message was the hint, this is the truth.</summary>
public sealed class JobDocument : IOutboxDocument
{
    /// <summary>See <see cref="JobKey.ToString"/>.</summary>
    public required string Id { get; set; }

    /// <inheritdoc/>
    public long Version { get; set; }

    /// <summary>Kind: which handler does it (<c>capture</c>, <c>convert</c>, ...).</summary>
    public required string Kind { get; set; }

    /// <summary>Id of the conversion.</summary>
    public required Guid ConversionId { get; set; }

    /// <summary>Name of the step.</summary>
    public required string Step { get; set; }

    /// <summary>Attempt of the step, from 1.</summary>
    public required int Attempt { get; set; }

    /// <summary>Index of the disk, or null.</summary>
    public int? Disk { get; set; }

    /// <summary>The command, as JSON.</summary>
    public required JsonElement Command { get; set; }

    /// <summary>State.</summary>
    public JobState State { get; set; }

    /// <summary>What the worker should do.</summary>
    public DesiredState Desired { get; set; }

    /// <summary>Lower goes first: 0 foreground, 1 high, 2 normal, 3 low.</summary>
    public int Priority { get; set; } = 2;

    /// <summary>
    /// When a worker may claim it: the not-before time while queued, the end of the lease while running, <see cref="DateTimeOffset.MaxValue"/> when suspended or ended.
    /// The claim is one indexed comparison of this field with the store's clock.
    /// </summary>
    public DateTimeOffset ClaimableAt { get; set; }

    /// <summary>The worker that holds or held the lease, or null.</summary>
    public string? Owner { get; set; }

    /// <summary>Fencing token: counted up by every claim; every later write of a worker carries it.</summary>
    public long Epoch { get; set; }

    /// <summary>
    /// The last epoch that ended in order (retry, suspend, shutdown) or proved a slice: the epochs since then are workers that died without getting anywhere.
    /// </summary>
    public long SettledEpoch { get; set; }

    /// <summary>The last epoch whose worker gave the lease back. A claim that does not follow it took the job over from a worker that went silent.</summary>
    public long ReleasedEpoch { get; set; }

    /// <summary>When it was last taken over from a worker that went silent, by the store's clock, or null.</summary>
    public DateTimeOffset? TakenOverAt { get; set; }

    /// <summary>Transient failures since the last proven slice; at the limit the job fails for good.</summary>
    public int Retries { get; set; }

    /// <summary>Counts <see cref="IJobQueue.WakeAsync"/>: a worker that defers the job sees that it was woken since its claim.</summary>
    public long Wakes { get; set; }

    /// <summary>Why it failed last, or null.</summary>
    public Failure? Failure { get; set; }

    /// <summary>How far it is, or null before the first slice.</summary>
    public DiskProgress? Progress { get; set; }

    /// <summary>The event that ended the job, to be sent again when the command comes again after the end, or null.</summary>
    public PendingMessage? Outcome { get; set; }

    /// <summary>W3C trace context of the command.</summary>
    public string? TraceParent { get; set; }

    /// <summary>When it was made, UTC.</summary>
    public required DateTimeOffset CreatedAt { get; set; }

    /// <inheritdoc/>
    public List<PendingMessage> Pending { get; set; } = [];

    /// <inheritdoc/>
    public bool HasPending => Pending.Count > 0;

    /// <summary>Whether it has ended.</summary>
    public bool Ended => State is JobState.Succeeded or JobState.Failed or JobState.Cancelled;
}
