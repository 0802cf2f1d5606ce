using Ferry.Contracts;
using Ferry.Contracts.Capture;
using Ferry.Contracts.Cleanup;
using Ferry.Contracts.Conversion;
using Ferry.Contracts.Conversions;
using Ferry.Contracts.Fixup;
using Ferry.Contracts.Jobs;
using Ferry.Contracts.Transfer;
using Ferry.Hosting.Outbox;
using Ferry.Hosting.Sagas;
using Ferry.Orchestrator.Conversions.Steps;
using MassTransit;

namespace Ferry.Orchestrator.Conversions;

/// <summary>The named steps of the state machine's story. Each changes only the document; messages stand in its pending list.</summary>
internal static class ConversionBehaviors
{
    public static EventActivityBinder<ConversionState, T> Start<T>(
        this EventActivityBinder<ConversionState, T> binder, IConversionStep step, TimeProvider time)
        where T : class =>
        binder.Then(x => ConversionSteps.Start(x.Saga, step, time.GetUtcNow()));

    public static EventActivityBinder<ConversionState, T> FixUpOrConvert<T>(
        this EventActivityBinder<ConversionState, T> binder, ConversionStateMachine machine, ConversionSteps steps, TimeProvider time)
        where T : class =>
        binder.IfElse(x => steps.Fixup.IsNeeded(x.Saga),
            x => x.Start(steps.Fixup, time).TransitionTo(machine.FixingUp),
            x => x.RehearseOrConvert(machine, steps, time));

    public static EventActivityBinder<ConversionState, T> RehearseOrConvert<T>(
        this EventActivityBinder<ConversionState, T> binder, ConversionStateMachine machine, ConversionSteps steps, TimeProvider time)
        where T : class =>
        binder.IfElse(x => steps.Rehearse.IsNeeded(x.Saga),
            x => x.Start(steps.Rehearse, time).TransitionTo(machine.Rehearsing),
            x => x.Start(steps.Convert, time).TransitionTo(machine.Converting));

    public static EventActivityBinder<ConversionState, MachineCaptured> RecordCapture(
        this EventActivityBinder<ConversionState, MachineCaptured> binder, TimeProvider time) =>
        binder.Then(x =>
        {
            x.Saga.Machine = x.Message.Machine;
            x.Saga.Findings.AddRange(x.Message.Findings);
            x.Saga.Disks = [.. x.Message.Disks.Select(disk => new ConversionDisk
            {
                Index = disk.Disk,
                Capacity = disk.Capacity,
                DataBytes = disk.DataBytes,
                Remote = disk.Remote,
                CapturedManifest = disk.Manifest,
                Manifest = disk.Manifest,
            })];
            Count(x.Saga, x.Message.Epoch, x.Message.Bytes);
            ConversionSteps.Finish(x.Saga, "done", time.GetUtcNow());
        });

    public static EventActivityBinder<ConversionState, TargetChecked> RecordPreflight(
        this EventActivityBinder<ConversionState, TargetChecked> binder, TimeProvider time) =>
        binder.Then(x =>
        {
            x.Saga.Findings.AddRange(x.Message.Findings);
            Count(x.Saga, x.Message.Epoch, null);
            ConversionSteps.Finish(x.Saga, "done", time.GetUtcNow());
        });

    public static EventActivityBinder<ConversionState, DiskTransferred> RecordTransfer(
        this EventActivityBinder<ConversionState, DiskTransferred> binder, ConversionSteps steps, TimeProvider time) =>
        binder.Then(x =>
        {
            var disk = x.Saga.Disks[x.Message.Disk];
            if (disk.Transferred)
            {
                return;
            }

            disk.Transferred = true;
            disk.OriginManifest ??= disk.CapturedManifest;
            disk.BytesResent = x.Message.Bytes.Resent;
            disk.CapturedManifest = x.Message.Manifest;
            disk.Manifest = x.Message.Manifest;
            Count(x.Saga, x.Message.Epoch, x.Message.Bytes);
            FinishWhen(steps.Transfer.IsDone(x.Saga), x.Saga, steps, time);
        });

    public static EventActivityBinder<ConversionState, GuestFixedUp> RecordFixup(
        this EventActivityBinder<ConversionState, GuestFixedUp> binder, TimeProvider time) =>
        binder.Then(x =>
        {
            foreach (var disk in x.Saga.Disks)
            {
                disk.Manifest = x.Message.Manifests[disk.Index];
            }

            x.Saga.Guest = x.Message.Guest;
            x.Saga.Findings.AddRange(x.Message.Findings);
            Count(x.Saga, x.Message.Epoch, null);
            ConversionSteps.Finish(x.Saga, "done", time.GetUtcNow());
        });

    public static EventActivityBinder<ConversionState, DiskConverted> RecordConversion(
        this EventActivityBinder<ConversionState, DiskConverted> binder, ConversionSteps steps, TimeProvider time) =>
        binder.Then(x =>
        {
            var disk = x.Saga.Disks[x.Message.Report.Disk];
            if (disk.Report is not null)
            {
                return;
            }

            disk.Report = x.Message.Report with { BytesResent = disk.BytesResent };
            Count(x.Saga, x.Message.Epoch, x.Message.Report.Bytes);
            FinishWhen(steps.Convert.IsDone(x.Saga), x.Saga, steps, time);
        });

    public static EventActivityBinder<ConversionState, MachinePublished> RecordPublication(
        this EventActivityBinder<ConversionState, MachinePublished> binder, TimeProvider time) =>
        binder.Then(x =>
        {
            x.Saga.Outcome = "Completed";
            Count(x.Saga, x.Message.Epoch, null);
            ConversionSteps.Finish(x.Saga, "done", time.GetUtcNow());
        });

    public static EventActivityBinder<ConversionState, ConversionCleanedUp> RecordCleanup(
        this EventActivityBinder<ConversionState, ConversionCleanedUp> binder, TimeProvider time) =>
        binder.Then(x =>
        {
            x.Saga.Residue = [.. x.Message.Residue];
            ConversionSteps.Finish(x.Saga, "done", time.GetUtcNow());
        });

    public static EventActivityBinder<ConversionState, StepFailed> RecordFailure(
        this EventActivityBinder<ConversionState, StepFailed> binder, TimeProvider time) =>
        binder.Then(x =>
        {
            Count(x.Saga, x.Message.Epoch, null);
            x.Saga.RecordFailure(x.Message.Failure, x.Message.Findings, time.GetUtcNow());
        });

    public static EventActivityBinder<ConversionState, StepFailed> RecordMissingReport(
        this EventActivityBinder<ConversionState, StepFailed> binder, TimeProvider time) =>
        binder.Then(x => x.Saga.RecordMissingReport(x.Message.Failure, time.GetUtcNow()));

    /// <summary>The current step has failed, and the conversion with it.</summary>
    public static void RecordFailure(this ConversionState state, Failure failure, IReadOnlyList<Finding> findings, DateTimeOffset now)
    {
        ConversionSteps.EndPause(state, now);
        state.Outcome = "Failed";
        state.Failure = failure;
        state.Findings.AddRange(findings);
        state.Steps[^1].Failure = failure;
        OrchestratorTelemetry.CountFailure(state.Steps[^1].Step, failure.Code);
        ConversionSteps.Finish(state, "failed", now);
    }

    /// <summary>The report is missing, and nothing else.</summary>
    public static void RecordMissingReport(this ConversionState state, Failure failure, DateTimeOffset now)
    {
        state.Findings.Add(new Finding
        {
            Id = "REPORT_NOT_WRITTEN",
            Severity = FindingSeverity.Warning,
            Message = $"The machine is complete, its report could not be written: {failure.Message}",
            Remedy = "Get it from the API: ferry report.",
        });
        state.Steps[^1].Failure = failure;
        OrchestratorTelemetry.CountFailure(state.Steps[^1].Step, failure.Code);
        ConversionSteps.Finish(state, "failed", now);
    }

    public static EventActivityBinder<ConversionState, CancelConversion> RecordCancel(
        this EventActivityBinder<ConversionState, CancelConversion> binder, TimeProvider time) =>
        binder.Then(x =>
        {
            ConversionSteps.EndPause(x.Saga, time.GetUtcNow());
            x.Saga.Outcome = "Cancelled";
            ConversionSteps.Finish(x.Saga, "cancelled", time.GetUtcNow());
        });

    public static EventActivityBinder<ConversionState, T> End<T>(
        this EventActivityBinder<ConversionState, T> binder, TimeProvider time)
        where T : class =>
        binder.Then(x =>
        {
            var now = time.GetUtcNow();
            ConversionSteps.EndPause(x.Saga, now);
            ConversionSteps.Finish(x.Saga, "done", now);
            x.Saga.EndedAt = now;
            x.Saga.NextSweepAt = DateTimeOffset.MaxValue;
            OrchestratorTelemetry.Ended.Add(1, new KeyValuePair<string, object?>("ferry.outcome", x.Saga.Outcome));
            x.Saga.Pending.Add(PendingMessage.Event(
                new ConversionEnded { ConversionId = x.Saga.CorrelationId, Outcome = x.Saga.Outcome!, Failure = x.Saga.Failure }, now));
        });

    public static EventActivityBinder<ConversionState, T> Resume<T>(
        this EventActivityBinder<ConversionState, T> binder, ConversionStateMachine machine, ConversionSteps steps, TimeProvider time)
        where T : class =>
        binder.ThenAsync(x =>
        {
            var step = x.Saga.ManifestsReleased ? StepNames.Capture
                : ConversionRepair.IsNeeded(x.Saga) ? ConversionRepair.Begin(x.Saga)
                : FailedStep(x.Saga);
            if (step == StepNames.Capture)
            {
                ForgetCapture(x.Saga);
            }

            x.Saga.RetryWaits = false;
            x.Saga.Outcome = null;
            x.Saga.Failure = null;
            x.Saga.EndedAt = null;
            x.Saga.Residue = [];
            x.Saga.Findings.RemoveAll(finding => finding.Severity == FindingSeverity.Error);
            x.Saga.Disks.ForEach(disk => disk.Report = null);
            ConversionSteps.Start(x.Saga, steps.Named(step), time.GetUtcNow());
            return x.TransitionToState(machine.StateOf(step));
        });

    public static EventActivityBinder<ConversionState, PauseConversion> Pause(
        this EventActivityBinder<ConversionState, PauseConversion> binder, TimeProvider time) =>
        binder.Then(x => ConversionSteps.Pause(x.Saga, time.GetUtcNow()));

    public static EventActivityBinder<ConversionState, ResumeConversion> GoOn(
        this EventActivityBinder<ConversionState, ResumeConversion> binder, ConversionSteps steps, TimeProvider time) =>
        binder.Then(x => steps.Resume(x.Saga, time.GetUtcNow()));

    public static EventActivityBinder<ConversionState, ConversionNudged> SendAgain(
        this EventActivityBinder<ConversionState, ConversionNudged> binder, ConversionSteps steps, TimeProvider time) =>
        binder.Then(x => steps.SendAgain(x.Saga, time.GetUtcNow()));

    /// <summary>A message of a conversion that is not known here is late: it is logged and dropped.</summary>
    public static void LateWhenMissing<T>(this IEventCorrelationConfigurator<ConversionState, T> correlation)
        where T : class =>
        correlation.OnMissingInstance(missing => missing.DropWithWarning());

    // Staging was cleaned up after the failure: a failed publication has to begin again at the conversion.
    private static string FailedStep(ConversionState state)
    {
        var step = state.Steps.Last(x => x.Outcome == "failed").Step;
        return step == StepNames.Publish ? StepNames.Convert : step;
    }

    private static void ForgetCapture(ConversionState state)
    {
        state.Machine = null;
        state.Guest = null;
        state.FirstBoot = null;
        state.Rehearsal = null;
        state.Disks = [];
        state.Findings.RemoveAll(finding => finding.Id != "STORE_CHUNKS_LOST");
        state.ManifestsReleased = false;
    }

    private static void FinishWhen(bool done, ConversionState state, ConversionSteps steps, TimeProvider time)
    {
        state.NextSweepAt = time.GetUtcNow() + ConversionSteps.SilenceBeforeNudge;
        if (done)
        {
            ConversionSteps.Finish(state, "done", time.GetUtcNow());
        }
    }

    internal static void Count(ConversionState state, long epoch, ByteCounts? bytes)
    {
        var step = state.Steps[^1];
        step.Epoch = Math.Max(step.Epoch, epoch);
        step.Bytes = bytes is null ? step.Bytes : step.Bytes is null ? bytes : step.Bytes + bytes;
    }
}
