using System.Globalization;
using Ferry.Contracts;
using Ferry.Contracts.Conversions;
using Ferry.Contracts.Fixup;
using Ferry.Orchestrator.Conversions.Steps;
using MassTransit;

namespace Ferry.Orchestrator.Conversions;

/// <summary>What the starts of a machine before the move do to its conversion.</summary>
internal static class RehearsalBehaviors
{
    /// <summary>Code of a machine that did not boot although it was required.</summary>
    public const string NotBooted = "REHEARSAL_NOT_BOOTED";

    private const string Booted = "booted";

    public static EventActivityBinder<ConversionState, FirstBootRan> RecordFirstBoot(
        this EventActivityBinder<ConversionState, FirstBootRan> binder, TimeProvider time) =>
        binder.Then(x =>
        {
            foreach (var disk in x.Saga.Disks)
            {
                disk.Manifest = x.Message.Manifests[disk.Index];
            }

            x.Saga.FirstBoot = x.Message.Run;
            x.Saga.Findings.AddRange(x.Message.Findings);
            ConversionBehaviors.Count(x.Saga, x.Message.Epoch, null);
            ConversionSteps.Finish(x.Saga, "done", time.GetUtcNow());
        });

    public static EventActivityBinder<ConversionState, BootRehearsed> RecordRehearsal(
        this EventActivityBinder<ConversionState, BootRehearsed> binder, TimeProvider time) =>
        binder.Then(x =>
        {
            x.Saga.Rehearsal = x.Message.Rehearsal;
            ConversionBehaviors.Count(x.Saga, x.Message.Epoch, null);
            if (x.Saga.Request.Rehearse == RehearseStep.Require && x.Message.Rehearsal?.Verdict != Booted)
            {
                x.Saga.RecordFailure(FailureOf(x.Message.Rehearsal), x.Message.Findings, time.GetUtcNow());
                return;
            }

            x.Saga.Findings.AddRange(x.Message.Findings);
            ConversionSteps.Finish(x.Saga, "done", time.GetUtcNow());
        });

    private static Failure FailureOf(RehearsalReport? rehearsal) => new()
    {
        Code = NotBooted,
        Message = rehearsal is null
            ? "The rehearsal could not be held."
            : string.Create(CultureInfo.InvariantCulture, $"The machine did not boot in the rehearsal ({rehearsal.Verdict}{(rehearsal.Sign is { } sign ? ", " + sign : "")} after {rehearsal.Seconds:0} s): {Said(rehearsal)}"),
        Where = rehearsal?.Machine ?? "",
        Remedy = "See the last lines and the screen in ferry report; mend the guest at the source, or convert with --rehearse instead of --rehearse=require. Nothing was published.",
    };

    private static string Said(RehearsalReport rehearsal) =>
        rehearsal.Quote.Length == 0 ? "its console said nothing." : $"\"{rehearsal.Quote}\"{(rehearsal.Cause is { } cause ? $", after \"{cause}\"" : "")}.";
}
