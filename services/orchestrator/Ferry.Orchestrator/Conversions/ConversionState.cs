using Ferry.Contracts;
using Ferry.Contracts.Conversions;
using Ferry.Contracts.Machines;
using Ferry.Hosting.Documents;
using Ferry.Hosting.Sagas;

namespace Ferry.Orchestrator.Conversions;

/// <summary>
/// All that is known of one conversion: the saga's document. The orchestrator is the only one who reads or writes it. Progress is not in it, as it would
/// rewrite the document every second (see <see cref="ProgressDocument"/>).
/// </summary>
public sealed class ConversionState : SagaDocument
{
    /// <summary>The collection and its indexes.</summary>
    public static readonly CollectionDefinition Collection = new(
        "orchestrator.conversions", ["shownState", "requestedAt"], ["requestedAt"], ["nextSweepAt"], ["hasPending"], ["hasResidue", "requestedAt"]);

    /// <summary>Shown instead of the state of a conversion that is paused.</summary>
    public const string Paused = "Paused";

    /// <summary>Name of the state that the conversion is in, paused or not.</summary>
    public string CurrentState { get; set; } = "Requested";

    /// <summary>Name of the state as the API shows it.</summary>
    public string ShownState => PausedAt is null ? CurrentState : Paused;

    /// <summary>Since when it is paused, UTC, or null. A paused conversion takes what its services report, and begins nothing.</summary>
    public DateTimeOffset? PausedAt { get; set; }

    /// <summary>Counts the pauses and resumptions: services follow the highest.</summary>
    public int HoldRevision { get; set; }

    /// <summary>What was asked for.</summary>
    public ConversionRequest Request { get; set; } = null!;

    /// <summary>When it was asked for, UTC.</summary>
    public DateTimeOffset RequestedAt { get; set; }

    /// <summary>When it ended, UTC, or null.</summary>
    public DateTimeOffset? EndedAt { get; set; }

    /// <summary>The machine, once captured.</summary>
    public MachineDescription? Machine { get; set; }

    /// <summary>One entry per disk, once captured, in the machine's order.</summary>
    public List<ConversionDisk> Disks { get; set; } = [];

    /// <summary>What the fix-up found and changed, or null.</summary>
    public GuestReport? Guest { get; set; }

    /// <summary>How the first boot before the move ended, or null.</summary>
    public RehearsalReport? FirstBoot { get; set; }

    /// <summary>How the rehearsal ended, or null.</summary>
    public RehearsalReport? Rehearsal { get; set; }

    /// <summary>Steps so far; the last one is the current one.</summary>
    public List<ConversionStep> Steps { get; set; } = [];

    /// <summary>Findings so far.</summary>
    public List<Finding> Findings { get; set; } = [];

    /// <summary>How it ends once it is cleaned up: <c>Completed</c> (it is published), <c>Failed</c> or <c>Cancelled</c>; null as long as that is open.</summary>
    public string? Outcome { get; set; }

    /// <summary>Why it failed, or null.</summary>
    public Failure? Failure { get; set; }

    /// <summary>What could not be removed at the end.</summary>
    public List<string> Residue { get; set; } = [];

    /// <summary>
    /// Whether it has ended so long ago that its manifests are no longer kept: a retry begins again at the capture. Written before anybody is told that they are not needed.
    /// </summary>
    public bool ManifestsReleased { get; set; }

    /// <summary>How often it went back to fetch chunks again that the store had lost.</summary>
    public int Repairs { get; set; }

    /// <summary>Whether anything is left: the field that the list of residue looks for.</summary>
    public bool HasResidue => Residue.Count > 0;

    /// <summary>Attempt of the clean-up that is going on behind the end, or null.</summary>
    public int? ReconcileAttempt { get; set; }

    /// <summary>Clean-ups behind the end so far.</summary>
    public int Reconciliations { get; set; }

    /// <summary>Whether a retry waits for the end of such a clean-up.</summary>
    public bool RetryWaits { get; set; }

    /// <summary>When the sweeper sends the current step's commands again unless something happens before; <see cref="DateTimeOffset.MaxValue"/> when it has ended.</summary>
    public DateTimeOffset NextSweepAt { get; set; }

    /// <summary>W3C trace context of the request, so that everything stays in one trace.</summary>
    public string? TraceParent { get; set; }
}
