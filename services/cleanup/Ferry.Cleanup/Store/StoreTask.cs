using Ferry.Contracts;
using Ferry.Contracts.Store;
using Ferry.Hosting.Documents;

namespace Ferry.Cleanup.Store;

/// <summary>
/// The one run of its kind over all replicas, and its lease: whoever claims it does it, and when that replica dies another begins it again. (Nothing is lost by that:
/// a collection may stop anywhere.) After the end it holds the result until the next one is asked for.
/// </summary>
public sealed class StoreTask : IDocument
{
    /// <summary>The collection.</summary>
    public static readonly CollectionDefinition Collection = new("cleanup.store");

    /// <summary>One of <see cref="StoreTaskKind"/>.</summary>
    public required string Id { get; set; }

    /// <inheritdoc/>
    public long Version { get; set; }

    /// <summary>Id of the run.</summary>
    public Guid RunId { get; set; }

    /// <summary>State.</summary>
    public StoreTaskState State { get; set; }

    /// <summary>Whether nothing is to be deleted.</summary>
    public bool DryRun { get; set; }

    /// <summary>When it was asked for, UTC.</summary>
    public DateTimeOffset RequestedAt { get; set; }

    /// <summary>When it ended, UTC, or null.</summary>
    public DateTimeOffset? EndedAt { get; set; }

    /// <summary>When a replica may claim it: the end of the lease while it runs, <see cref="DateTimeOffset.MaxValue"/> when it has ended.</summary>
    public DateTimeOffset ClaimableAt { get; set; } = DateTimeOffset.MaxValue;

    /// <summary>Fencing token: counted up by every claim.</summary>
    public long Epoch { get; set; }

    /// <summary>What it does now.</summary>
    public string? Phase { get; set; }

    /// <summary>Chunks or manifests dealt with in this phase.</summary>
    public long Processed { get; set; }

    /// <summary>Id of the question that the services were asked last.</summary>
    public Guid? Question { get; set; }

    /// <summary>The answers to it so far, one a service.</summary>
    public List<LiveAnswer> Answers { get; set; } = [];

    /// <summary>Why it failed, or null.</summary>
    public Failure? Failure { get; set; }

    /// <summary>Result of a collection.</summary>
    public CollectionResult? Collected { get; set; }

    /// <summary>Result of a verification.</summary>
    public VerificationResult? Verified { get; set; }

    /// <summary>What the last collection found when it marked; stays when the next one is asked for.</summary>
    public StoreMark? LastMark { get; set; }

    /// <summary>Whether it has ended.</summary>
    public bool Ended => State is StoreTaskState.Done or StoreTaskState.Failed;

    /// <summary>As the API shows it.</summary>
    public StoreTaskView ToView() => new()
    {
        Id = RunId,
        Kind = Id,
        State = State.ToString(),
        Phase = State is StoreTaskState.Running ? Phase : null,
        Processed = Processed,
        RequestedAt = RequestedAt,
        EndedAt = EndedAt,
        Failure = Failure,
        Collection = Collected,
        Verification = Verified,
    };
}
