using System.Diagnostics;
using Ferry.Hosting.Outbox;
using Ferry.Orchestrator.Conversions.Steps;

namespace Ferry.Orchestrator.Conversions;

/// <summary>Begins and ends steps in a conversion's document. Thread-safe; holds no state.</summary>
public sealed class ConversionSteps
{
    /// <summary>How long a conversion may be silent before its step's commands are sent again.</summary>
    public static readonly TimeSpan SilenceBeforeNudge = TimeSpan.FromMinutes(1);

    private readonly IConversionStep[] all;

    /// <summary>Makes the steps.</summary>
    public ConversionSteps() => all = [Capture, Preflight, Transfer, Fixup, Convert, Publish, Cleanup, Report];

    /// <summary>See <see cref="CaptureStep"/>.</summary>
    public CaptureStep Capture { get; } = new();

    /// <summary>See <see cref="PreflightStep"/>.</summary>
    public PreflightStep Preflight { get; } = new();

    /// <summary>See <see cref="TransferStep"/>.</summary>
    public TransferStep Transfer { get; } = new();

    /// <summary>See <see cref="FixupStep"/>.</summary>
    public FixupStep Fixup { get; } = new();

    /// <summary>See <see cref="ConvertStep"/>.</summary>
    public ConvertStep Convert { get; } = new();

    /// <summary>See <see cref="PublishStep"/>.</summary>
    public PublishStep Publish { get; } = new();

    /// <summary>See <see cref="CleanupStep"/>.</summary>
    public CleanupStep Cleanup { get; } = new();

    /// <summary>See <see cref="ReportStep"/>.</summary>
    public ReportStep Report { get; } = new();

    /// <summary>Whether an answer belongs to the attempt that runs now; any other is late and changes nothing.</summary>
    public static bool IsCurrent(ConversionState state, string step, int attempt) =>
        state.Steps is [.., { Outcome: "running" } current] && current.Step == step && current.Attempt == attempt;

    /// <summary>Begins the next attempt of a step and queues its commands with the state.</summary>
    public static void Start(ConversionState state, IConversionStep step, DateTimeOffset now)
    {
        var attempt = state.Steps.Count(x => x.Step == step.Name) + 1;
        state.Steps.Add(new ConversionStep { Step = step.Name, Attempt = attempt, StartedAt = now });
        Send(state, step.OutstandingCommands(state, attempt), now);
    }

    /// <summary>Ends the current step.</summary>
    public static void Finish(ConversionState state, string outcome, DateTimeOffset now)
    {
        if (state.Steps is [.., { Outcome: "running" } current])
        {
            current.Outcome = outcome;
            current.EndedAt = now;
            OrchestratorTelemetry.StepDuration.Record(
                (now - current.StartedAt).TotalSeconds, new("ferry.step", current.Step), new("ferry.outcome", outcome));
        }
    }

    /// <summary>Queues the outstanding commands of the current step again.</summary>
    public void SendAgain(ConversionState state, DateTimeOffset now)
    {
        if (state.Steps is [.., { Outcome: "running" } current])
        {
            Send(state, all.Single(step => step.Name == current.Step).OutstandingCommands(state, current.Attempt), now);
        }
    }

    /// <summary>The step of that name.</summary>
    public IConversionStep Named(string name) => all.Single(step => step.Name == name);

    private static void Send(ConversionState state, IEnumerable<object> commands, DateTimeOffset now)
    {
        state.NextSweepAt = now + SilenceBeforeNudge;
        foreach (var command in commands)
        {
            state.Pending.Add(PendingMessage.Command(command, now) with { TraceParent = TraceParentFor(state) });
        }
    }

    // A nudge comes from a timer, outside the conversion's trace; what it causes belongs to the conversion all the same.
    private static string? TraceParentFor(ConversionState state) =>
        Activity.Current is { } activity && state.TraceParent?.Contains(activity.TraceId.ToHexString(), StringComparison.Ordinal) != false
            ? activity.Id
            : state.TraceParent;
}
