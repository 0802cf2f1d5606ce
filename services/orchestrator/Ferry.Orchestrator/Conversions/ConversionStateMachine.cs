using Ferry.Contracts.Capture;
using Ferry.Contracts.Cleanup;
using Ferry.Contracts.Conversion;
using Ferry.Contracts.Conversions;
using Ferry.Contracts.Fixup;
using Ferry.Contracts.Jobs;
using Ferry.Contracts.Transfer;
using MassTransit;

namespace Ferry.Orchestrator.Conversions;

/// <summary>The flow of one machine (DESIGN section 2), and the only place that knows the order of the steps.</summary>
public sealed class ConversionStateMachine : MassTransitStateMachine<ConversionState>
{
    /// <summary>Declares the flow.</summary>
    public ConversionStateMachine(ConversionSteps steps, TimeProvider time)
    {
        InstanceState(x => x.CurrentState);

        Event(() => StartRequested, x => x.CorrelateById(m => m.Message.ConversionId).LateWhenMissing());
        Event(() => Nudged, x => x.CorrelateById(m => m.Message.ConversionId).LateWhenMissing());
        Event(() => CancelRequested, x => x.CorrelateById(m => m.Message.ConversionId).LateWhenMissing());
        Event(() => PauseRequested, x => x.CorrelateById(m => m.Message.ConversionId).LateWhenMissing());
        Event(() => ResumeRequested, x => x.CorrelateById(m => m.Message.ConversionId).LateWhenMissing());
        Event(() => RetryRequested, x => x.CorrelateById(m => m.Message.ConversionId).LateWhenMissing());
        Event(() => Captured, x => x.CorrelateById(m => m.Message.ConversionId).LateWhenMissing());
        Event(() => Checked, x => x.CorrelateById(m => m.Message.ConversionId).LateWhenMissing());
        Event(() => Transferred, x => x.CorrelateById(m => m.Message.ConversionId).LateWhenMissing());
        Event(() => FixedUp, x => x.CorrelateById(m => m.Message.ConversionId).LateWhenMissing());
        Event(() => FirstBooted, x => x.CorrelateById(m => m.Message.ConversionId).LateWhenMissing());
        Event(() => Rehearsed, x => x.CorrelateById(m => m.Message.ConversionId).LateWhenMissing());
        Event(() => Converted, x => x.CorrelateById(m => m.Message.ConversionId).LateWhenMissing());
        Event(() => Published, x => x.CorrelateById(m => m.Message.ConversionId).LateWhenMissing());
        Event(() => CleanedUp, x => x.CorrelateById(m => m.Message.ConversionId).LateWhenMissing());
        Event(() => ReportDone, x => x.CorrelateById(m => m.Message.ConversionId).LateWhenMissing());
        Event(() => Orphaned, x => x.CorrelateById(m => m.Message.ConversionId).LateWhenMissing());
        Event(() => Poisoned, x => x.CorrelateById(m => m.Message.ConversionId ?? Guid.Empty).LateWhenMissing());
        Event(() => StepGaveUp, x => x.CorrelateById(m => m.Message.ConversionId).LateWhenMissing());

        // The API inserts the document, in state Requested, together with the command that gets here.
        During(Requested,
            When(StartRequested).Start(steps.Capture, time).TransitionTo(Capturing));

        During(Capturing,
            When(Captured, x => ConversionSteps.IsCurrent(x.Saga, StepNames.Capture, x.Message.Attempt))
                .RecordCapture(time)
                .Start(steps.Preflight, time).TransitionTo(Checking));

        During(Checking,
            When(Checked, x => ConversionSteps.IsCurrent(x.Saga, StepNames.Preflight, x.Message.Attempt))
                .RecordPreflight(time)
                .IfElse(x => steps.Transfer.IsNeeded(x.Saga),
                    x => x.Start(steps.Transfer, time).TransitionTo(Transferring),
                    x => x.FixUpOrConvert(this, steps, time)));

        During(Transferring,
            When(Transferred, x => ConversionSteps.IsCurrent(x.Saga, StepNames.Transfer, x.Message.Attempt))
                .RecordTransfer(steps, time)
                .If(x => steps.Transfer.IsDone(x.Saga), x => x.FixUpOrConvert(this, steps, time)));

        During(FixingUp,
            When(FixedUp, x => ConversionSteps.IsCurrent(x.Saga, StepNames.Fixup, x.Message.Attempt))
                .RecordFixup(time)
                .IfElse(x => steps.FirstBoot.IsNeeded(x.Saga),
                    x => x.Start(steps.FirstBoot, time).TransitionTo(FirstBooting),
                    x => x.RehearseOrConvert(this, steps, time)));

        During(FirstBooting,
            When(FirstBooted, x => ConversionSteps.IsCurrent(x.Saga, StepNames.FirstBoot, x.Message.Attempt))
                .RecordFirstBoot(time)
                .RehearseOrConvert(this, steps, time));

        During(Rehearsing,
            When(Rehearsed, x => ConversionSteps.IsCurrent(x.Saga, StepNames.Rehearse, x.Message.Attempt))
                .RecordRehearsal(time)
                .IfElse(x => x.Saga.Outcome == "Failed",
                    x => x.Start(steps.Cleanup, time).TransitionTo(Compensating),
                    x => x.Start(steps.Convert, time).TransitionTo(Converting)));

        During(Converting,
            When(Converted, x => ConversionSteps.IsCurrent(x.Saga, StepNames.Convert, x.Message.Attempt))
                .RecordConversion(steps, time)
                .If(x => steps.Convert.IsDone(x.Saga), x => x.Start(steps.Publish, time).TransitionTo(Publishing)));

        During(Publishing,
            When(Published, x => ConversionSteps.IsCurrent(x.Saga, StepNames.Publish, x.Message.Attempt))
                .RecordPublication(time)
                .Start(steps.Cleanup, time).TransitionTo(CleaningUp));

        During(CleaningUp,
            When(CleanedUp, x => ConversionSteps.IsCurrent(x.Saga, StepNames.Cleanup, x.Message.Attempt))
                .RecordCleanup(time)
                .Start(steps.Report, time).TransitionTo(Reporting));

        During(Reporting,
            When(ReportDone, x => ConversionSteps.IsCurrent(x.Saga, StepNames.Report, x.Message.Attempt)).End(time).TransitionTo(Completed));

        // What cannot go on is cleaned up first, whatever the step, and only then ends.
        During([Compensating, Cancelling],
            When(CleanedUp, x => ConversionSteps.IsCurrent(x.Saga, StepNames.Cleanup, x.Message.Attempt))
                .RecordCleanup(time)
                .IfElse(x => ConversionRepair.IsPossible(x.Saga),
                    x => x.Resume(this, steps, time),
                    x => x.End(time).IfElse(y => y.Saga.Outcome == "Cancelled", y => y.TransitionTo(Cancelled), y => y.TransitionTo(Failed))));

        During([Capturing, Checking, Transferring, FixingUp, FirstBooting, Rehearsing, Converting, Publishing],
            When(StepGaveUp, x => ConversionSteps.IsCurrent(x.Saga, x.Message.Step, x.Message.Attempt))
                .RecordFailure(time).Start(steps.Cleanup, time).TransitionTo(Compensating),
            When(Poisoned, x => x.Saga.IsPoisonedBy(x.Message))
                .RecordPoison(time).Start(steps.Cleanup, time).TransitionTo(Compensating),
            When(CancelRequested)
                .RecordCancel(time).Start(steps.Cleanup, time).TransitionTo(Cancelling));

        // The machine is published already: without its report the conversion still is complete, and says what is missing.
        During(Reporting,
            When(StepGaveUp, x => ConversionSteps.IsCurrent(x.Saga, x.Message.Step, x.Message.Attempt))
                .RecordMissingReport(time).End(time).TransitionTo(Completed));

        // Without its clean-up a conversion ends too, with what is left as residue; the reconciler comes back to it.
        During(CleaningUp,
            When(Poisoned, x => x.Saga.IsPoisonedBy(x.Message)).RecordPoisonedCleanup(time).Start(steps.Report, time).TransitionTo(Reporting));
        During([Compensating, Cancelling],
            When(Poisoned, x => x.Saga.IsPoisonedBy(x.Message))
                .RecordPoisonedCleanup(time)
                .End(time)
                .IfElse(x => x.Saga.Outcome == "Cancelled", x => x.TransitionTo(Cancelled), x => x.TransitionTo(Failed)));
        During(Reporting,
            When(Poisoned, x => x.Saga.IsPoisonedBy(x.Message)).RecordMissingReport(time).End(time).TransitionTo(Completed));

        During(Requested,
            When(CancelRequested).RecordCancel(time).Start(steps.Cleanup, time).TransitionTo(Cancelling));

        // A pause is no state of the flow but holds it: what services report is taken, no step begins.
        During([Requested, Capturing, Checking, Transferring, FixingUp, FirstBooting, Rehearsing, Converting, Publishing, CleaningUp, Reporting],
            When(PauseRequested).Pause(time),
            When(ResumeRequested).GoOn(steps, time));

        During([Completed, Failed, Cancelled],
            When(Orphaned).CleanUpAgain(time),
            When(Nudged).CleanUpAgain(time),
            When(CleanedUp, x => x.Message.Attempt == x.Saga.ReconcileAttempt)
                .RecordReconciliation()
                .If(x => x.Saga.RetryWaits, x => x.Resume(this, steps, time)));

        During(Failed,
            When(RetryRequested).IfElse(x => x.Saga.ReconcileAttempt is null,
                x => x.Resume(this, steps, time),
                x => x.Then(retry => retry.Saga.RetryWaits = true)));

        // A message may come twice, late, or from an attempt that was given up: it changes nothing.
        DuringAny(
            Ignore(StartRequested), Ignore(CancelRequested), Ignore(PauseRequested), Ignore(ResumeRequested), Ignore(RetryRequested), Ignore(Captured), Ignore(Checked),
            Ignore(Transferred), Ignore(FixedUp), Ignore(FirstBooted), Ignore(Rehearsed), Ignore(Converted), Ignore(Published), Ignore(CleanedUp), Ignore(ReportDone), Ignore(StepGaveUp), Ignore(Poisoned), Ignore(Orphaned));
        During([Requested, Capturing, Checking, Transferring, FixingUp, FirstBooting, Rehearsing, Converting, Publishing, CleaningUp, Reporting, Compensating, Cancelling],
            When(Nudged).SendAgain(steps, time));
    }

    /// <summary>The state in which a step's work is done: where a retry goes on.</summary>
    internal State StateOf(string step) => step switch
    {
        StepNames.Capture => Capturing,
        StepNames.Preflight => Checking,
        StepNames.Transfer => Transferring,
        StepNames.Fixup => FixingUp,
        StepNames.FirstBoot => FirstBooting,
        StepNames.Rehearse => Rehearsing,
        StepNames.Convert => Converting,
        _ => throw new ArgumentOutOfRangeException(nameof(step), step, "Not a step that can be taken up again."),
    };

    /// <summary>Accepted, nothing has happened yet.</summary>
    public State Requested { get; } = null!;

    /// <summary>The source is being described.</summary>
    public State Capturing { get; } = null!;

    /// <summary>The target is asked whether it can take the machine.</summary>
    public State Checking { get; } = null!;

    /// <summary>Remote chunks are moved into the chunk store.</summary>
    public State Transferring { get; } = null!;

    /// <summary>The guest is made to fit the target.</summary>
    public State FixingUp { get; } = null!;

    /// <summary>What waits for the first boot runs before the move.</summary>
    public State FirstBooting { get; } = null!;

    /// <summary>The machine is started once, to see whether it boots.</summary>
    public State Rehearsing { get; } = null!;

    /// <summary>Images are written and proven.</summary>
    public State Converting { get; } = null!;

    /// <summary>Image and definition are moved into the output folder.</summary>
    public State Publishing { get; } = null!;

    /// <summary>Resources are released.</summary>
    public State CleaningUp { get; } = null!;

    /// <summary>The report is written.</summary>
    public State Reporting { get; } = null!;

    /// <summary>A step failed; what was made is removed.</summary>
    public State Compensating { get; } = null!;

    /// <summary>The operator cancelled; jobs stop and what was made is removed.</summary>
    public State Cancelling { get; } = null!;

    /// <summary>Ended well.</summary>
    public State Completed { get; } = null!;

    /// <summary>Ended by a failure.</summary>
    public State Failed { get; } = null!;

    /// <summary>Ended by the operator.</summary>
    public State Cancelled { get; } = null!;

    /// <summary>Begin.</summary>
    public Event<RequestConversion> StartRequested { get; } = null!;

    /// <summary>The sweeper found it silent.</summary>
    public Event<ConversionNudged> Nudged { get; } = null!;

    /// <summary>Stop.</summary>
    public Event<CancelConversion> CancelRequested { get; } = null!;

    /// <summary>Hold it.</summary>
    public Event<PauseConversion> PauseRequested { get; } = null!;

    /// <summary>Let it go on.</summary>
    public Event<ResumeConversion> ResumeRequested { get; } = null!;

    /// <summary>Take up again.</summary>
    public Event<RetryConversion> RetryRequested { get; } = null!;

    /// <summary>Capture is done.</summary>
    public Event<MachineCaptured> Captured { get; } = null!;

    /// <summary>The target can take the machine.</summary>
    public Event<TargetChecked> Checked { get; } = null!;

    /// <summary>A disk is transferred.</summary>
    public Event<DiskTransferred> Transferred { get; } = null!;

    /// <summary>Fix-up is done.</summary>
    public Event<GuestFixedUp> FixedUp { get; } = null!;

    /// <summary>The first boot before the move is done.</summary>
    public Event<FirstBootRan> FirstBooted { get; } = null!;

    /// <summary>The rehearsal is over.</summary>
    public Event<BootRehearsed> Rehearsed { get; } = null!;

    /// <summary>A disk is converted.</summary>
    public Event<DiskConverted> Converted { get; } = null!;

    /// <summary>The machine is published.</summary>
    public Event<MachinePublished> Published { get; } = null!;

    /// <summary>Every service has released what it held.</summary>
    public Event<ConversionCleanedUp> CleanedUp { get; } = null!;

    /// <summary>The report is written.</summary>
    public Event<ReportWritten> ReportDone { get; } = null!;

    /// <summary>A service still holds something for it.</summary>
    public Event<OrphansFound> Orphaned { get; } = null!;

    /// <summary>A message could not be consumed.</summary>
    public Event<MessagePoisoned> Poisoned { get; } = null!;

    /// <summary>A step's job has failed for good.</summary>
    public Event<StepFailed> StepGaveUp { get; } = null!;
}
