using System.Diagnostics;
using Ferry.Contracts.Jobs;
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
    public ConversionSteps() => all = [Capture, Preflight, Transfer, Fixup, FirstBoot, Rehearse, Convert, Publish, Cleanup, Report];

    /// <summary>See <see cref="CaptureStep"/>.</summary>
    public CaptureStep Capture { get; } = new();

    /// <summary>See <see cref="PreflightStep"/>.</summary>
    public PreflightStep Preflight { get; } = new();

    /// <summary>See <see cref="TransferStep"/>.</summary>
    public TransferStep Transfer { get; } = new();

    /// <summary>See <see cref="FixupStep"/>.</summary>
    public FixupStep Fixup { get; } = new();

    /// <summary>See <see cref="FirstBootStep"/>.</summary>
    public FirstBootStep FirstBoot { get; } = new();

    /// <summary>See <see cref="RehearseStep"/>.</summary>
    public RehearseStep Rehearse { get; } = new();

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
        SendOrHold(state, step, now);
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

    /// <summary>Queues the outstanding commands of the current step again, or what holds them.</summary>
    public void SendAgain(ConversionState state, DateTimeOffset now)
    {
        if (state.HoldRevision > 0)
        {
            SendHold(state, now);
        }

        SendOutstanding(state, now);
    }

    /// <summary>Lets a paused conversion go on: jobs that rest run again, and what was held is sent.</summary>
    public void Resume(ConversionState state, DateTimeOffset now)
    {
        if (state.PausedAt is not null)
        {
            EndPause(state, now);
            SendOutstanding(state, now);
        }
    }

    /// <summary>Pauses a conversion: the services suspend its jobs, and no step begins.</summary>
    public static void Pause(ConversionState state, DateTimeOffset now)
    {
        if (state.PausedAt is null)
        {
            state.PausedAt = now;
            state.HoldRevision++;
            SendHold(state, now);
        }
    }

    /// <summary>Ends a pause, where there is one.</summary>
    public static void EndPause(ConversionState state, DateTimeOffset now)
    {
        if (state.PausedAt is not null)
        {
            state.PausedAt = null;
            state.HoldRevision++;
            SendHold(state, now);
        }
    }

    /// <summary>The step of that name.</summary>
    public IConversionStep Named(string name) => all.Single(step => step.Name == name);

    private void SendOutstanding(ConversionState state, DateTimeOffset now)
    {
        if (state.Steps is [.., { Outcome: "running" } current])
        {
            SendOrHold(state, Named(current.Step), now);
        }
    }

    private static void SendOrHold(ConversionState state, IConversionStep step, DateTimeOffset now)
    {
        state.NextSweepAt = now + SilenceBeforeNudge;
        var current = state.Steps[^1];
        if (state.PausedAt is not null)
        {
            // What was begun before the pause rests in its service; what was not begun is held here.
            current.Held |= current.StartedAt >= state.PausedAt;
            return;
        }

        current.Held = false;
        foreach (var command in step.OutstandingCommands(state, current.Attempt))
        {
            state.Pending.Add(PendingMessage.Command(command, now) with { TraceParent = TraceParentFor(state) });
        }
    }

    private static void SendHold(ConversionState state, DateTimeOffset now) => state.Pending.Add(PendingMessage.Event(
        new ConversionHeld { ConversionId = state.CorrelationId, Revision = state.HoldRevision, Held = state.PausedAt is not null }, now)
        with { TraceParent = TraceParentFor(state) });

    // A nudge comes from a timer, outside the conversion's trace; what it causes belongs to the conversion all the same.
    private static string? TraceParentFor(ConversionState state) =>
        Activity.Current is { } activity && state.TraceParent?.Contains(activity.TraceId.ToHexString(), StringComparison.Ordinal) != false
            ? activity.Id
            : state.TraceParent;
}
