using System.Globalization;
using Ferry.Contracts;
using Ferry.Contracts.Conversions;
using Ferry.Contracts.Transfer;
using Ferry.Hosting.Documents;
using Ferry.Hosting.Jobs;
using Ferry.Hosting.Outbox;

namespace Ferry.Transfer.Jobs;

/// <summary>
/// A transfer job: what its owner sees and decides. The leased job of the same service (<see cref="Key"/>) does the work; this document says what is to be done, and its state is
/// the truth: a worker reads it before and while it works.
/// </summary>
public sealed class TransferJobDocument : IOutboxDocument
{
    /// <summary>The collection.</summary>
    public static readonly CollectionDefinition Collection =
        new("transfer.transfers", ["conversionId"], ["createdAt"], ["state"], ["waitsForSlot", "rank"], ["hasPending"], ["unfinishedCall"]);

    /// <summary>The job's id, 32 hexadecimal digits.</summary>
    public required string Id { get; set; }

    /// <inheritdoc/>
    public long Version { get; set; }

    /// <summary>Name for people.</summary>
    public required string Name { get; set; }

    /// <summary>Who it belongs to.</summary>
    public required string Owner { get; set; }

    /// <summary>The conversion that it works for, or null.</summary>
    public Guid? ConversionId { get; set; }

    /// <summary>Attempt of the conversion's step; 1 without a conversion.</summary>
    public int Attempt { get; set; } = 1;

    /// <summary>Index of the conversion's disk, or null.</summary>
    public int? Disk { get; set; }

    /// <summary>Direction.</summary>
    public TransferJobType Type { get; set; }

    /// <summary>Priority.</summary>
    public TransferPriority Priority { get; set; } = TransferPriority.Normal;

    /// <summary>The priority as a number, to compare and order by: lower goes first.</summary>
    public int Rank => (int)Priority;

    /// <summary>State.</summary>
    public TransferJobState State { get; set; } = TransferJobState.Suspended;

    /// <summary>Counts the changes of state.</summary>
    public long Revision { get; set; }

    /// <summary>Files, moved in this order.</summary>
    public required List<TransferFile> Files { get; set; }

    /// <summary>The machine that appears in the library when all files are there, or null; then destinations are names in its folder.</summary>
    public TransferMachine? Machine { get; set; }

    /// <summary>The machine whose disks an upload brings, or null.</summary>
    public UploadMachine? UploadedMachine { get; set; }

    /// <summary>Name of the source's credential, or null.</summary>
    public string? Credential { get; set; }

    /// <summary>Name of the link, or null.</summary>
    public string? Link { get; set; }

    /// <summary>Least seconds between a transient error and the next try, or null for the setting.</summary>
    public double? MinimumRetrySeconds { get; set; }

    /// <summary>Seconds without proven progress, or null for the setting.</summary>
    public double? NoProgressSeconds { get; set; }

    /// <summary>Counters.</summary>
    public TransferCounters Counters { get; set; } = new();

    /// <summary>Bytes of everything that is proven, for the conversion's answer.</summary>
    public ByteCounts Bytes { get; set; } = new();

    /// <summary>What it waits for, or null.</summary>
    public WaitingFor? WaitingFor { get; set; }

    /// <summary>Scope of the slot that it waits for, or null; counts until <see cref="SlotWaitUntil"/>.</summary>
    public string? WaitsForSlot { get; set; }

    /// <summary>Since when it waits for a slot, by the store's clock.</summary>
    public DateTimeOffset SlotWaitSince { get; set; }

    /// <summary>Until when others respect that it waits for a slot, by the store's clock.</summary>
    public DateTimeOffset SlotWaitUntil { get; set; }

    /// <summary>What went wrong last, or null.</summary>
    public Failure? Failure { get; set; }

    /// <summary>Transient errors since the last proven progress.</summary>
    public int Retries { get; set; }

    /// <summary>Answers for other bytes than were asked for since then.</summary>
    public int BadAnswers { get; set; }

    /// <summary>When the first of them happened, by the store's clock, or null.</summary>
    public DateTimeOffset? NoProgressSince { get; set; }

    /// <summary>When the client of an upload showed itself last, by the store's clock; null: not since the job was made or resumed.</summary>
    public DateTimeOffset? SeenAt { get; set; }

    /// <summary>When an upload made proven progress last, by the store's clock; null: not since the job was made or resumed.</summary>
    public DateTimeOffset? ProgressAt { get; set; }

    /// <summary>Lease epoch of the worker that may write here.</summary>
    public long RunEpoch { get; set; }

    /// <summary>Whether the second half of what was asked (a leased job to make or wake, files to remove) may not be done yet: the sweeper does it.</summary>
    public bool UnfinishedCall { get; set; }

    /// <summary>When it was made, UTC.</summary>
    public required DateTimeOffset CreatedAt { get; set; }

    /// <summary>When the state changed last, UTC.</summary>
    public DateTimeOffset ChangedAt { get; set; }

    /// <inheritdoc/>
    public List<PendingMessage> Pending { get; set; } = [];

    /// <inheritdoc/>
    public bool HasPending => Pending.Count > 0;

    /// <summary>The leased job that does it.</summary>
    public JobKey Key() => new(ConversionId ?? Guid.ParseExact(Id, "N"), "transfer", Attempt, Disk);

    /// <summary>The document id of a job's id.</summary>
    public static string IdOf(Guid id) => id.ToString("N", CultureInfo.InvariantCulture);

    /// <summary>Whether what happened changes the state; then the event of it is pending.</summary>
    /// <exception cref="TransferTransitionException">It must not happen in this state.</exception>
    public bool Move(TransferTrigger trigger, DateTimeOffset now)
    {
        var next = TransferTransitions.Next(State, trigger) ?? throw new TransferTransitionException(State, trigger);
        if (next == State)
        {
            return false;
        }

        State = next;
        WaitingFor = null;
        WaitsForSlot = null;
        if (next is not (TransferJobState.TransientError or TransferJobState.Error))
        {
            Failure = next is TransferJobState.Queued && trigger is TransferTrigger.Requeue ? Failure : null;
        }

        Announce(now);
        return true;
    }

    /// <summary>Makes the event of the state as it is now pending.</summary>
    public void Announce(DateTimeOffset now)
    {
        Revision++;
        ChangedAt = now;
        Pending.Add(PendingMessage.Event(Event(), now));
    }

    /// <summary>The event of the state as it is now.</summary>
    public TransferJobChanged Event() => new()
    {
        Id = Guid.ParseExact(Id, "N"),
        Revision = Revision,
        ConversionId = ConversionId,
        State = State,
        Priority = Priority,
        Counters = Counters,
        WaitingFor = WaitingFor,
        Failure = Failure,
        ChangedAt = ChangedAt,
    };

    /// <summary>The job as the API shows it.</summary>
    public TransferJobView ToView() => new()
    {
        Id = Guid.ParseExact(Id, "N"),
        Name = Name,
        Owner = Owner,
        ConversionId = ConversionId,
        Disk = Disk,
        Type = Type,
        Priority = Priority,
        State = State,
        Files = [.. Files.Select(file => new TransferFileView
        {
            Source = file.Shown, Destination = file.Destination, Size = file.Size, ChunkSize = file.Upload?.ChunkSize, Done = file.Done, Manifest = file.Result, Digest = file.Digest,
        })],
        Counters = Counters,
        WaitingFor = WaitingFor,
        Failure = Failure,
        Retries = Retries,
        CreatedAt = CreatedAt,
        ChangedAt = ChangedAt,
    };
}
