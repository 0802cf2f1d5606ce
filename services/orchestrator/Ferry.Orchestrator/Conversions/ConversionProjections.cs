using System.Diagnostics;
using Ferry.Contracts;
using Ferry.Contracts.Conversions;
using Ferry.Contracts.Machines;

namespace Ferry.Orchestrator.Conversions;

/// <summary>What a conversion's document looks like to the outside.</summary>
public static class ConversionProjections
{
    /// <summary>The machine with the name that was asked for.</summary>
    public static MachineDescription MachineToPublish(this ConversionState state) =>
        state.Request.Name is { } name ? state.Machine! with { Name = name } : state.Machine!;

    /// <summary>What a conversion waits for that an operator has paused.</summary>
    public const string PausedReason = "paused";

    /// <summary>Outcome in the report of a conversion that has not ended.</summary>
    public const string Unfinished = "Unfinished";

    /// <summary>The report as of now; the report step itself is not in it.</summary>
    public static ConversionReport ToReport(this ConversionState state) => state.ToReport(state.EndedAt is null ? Unfinished : state.Outcome!);

    /// <summary>The report of a conversion that ends with an outcome: the report step writes it as the last thing before the end.</summary>
    public static ConversionReport ToReport(this ConversionState state, string outcome) => new()
    {
        Id = state.CorrelationId,
        Outcome = outcome,
        Request = state.Request,
        Machine = state.Machine,
        StartedAt = state.RequestedAt,
        EndedAt = state.EndedAt ?? state.Steps.Select(step => step.EndedAt).Max() ?? state.RequestedAt,
        Steps = [.. state.Steps.Where(step => step.Step != StepNames.Report).Select(ToView)],
        Disks = [.. state.Disks.Where(disk => disk.Report is not null).Select(disk => disk.Report!)],
        BytesResent = state.Disks.Sum(disk => disk.BytesResent),
        Guest = state.Guest,
        FirstBoot = state.FirstBoot,
        Rehearsal = state.Rehearsal,
        Findings = state.Findings,
        Failure = state.Failure,
        Residue = state.Residue,
        TraceId = TraceId(state),
    };

    /// <summary>The conversion as the API shows it.</summary>
    public static ConversionView ToView(this ConversionState state, IReadOnlyList<DiskProgress> progress) => new()
    {
        Id = state.CorrelationId,
        State = state.ShownState,
        Request = state.Request,
        RequestedAt = state.RequestedAt,
        EndedAt = state.EndedAt,
        Machine = state.Machine,
        Steps = [.. state.Steps.Select(ToView)],
        Progress = progress,
        Rehearsal = state.Rehearsal,
        Findings = state.Findings,
        Failure = state.Failure,
        WaitingFor = PauseOf(state) ?? progress.Select(disk => disk.WaitingFor).FirstOrDefault(waiting => waiting is not null),
        Residue = state.Residue,
        TraceId = TraceId(state),
    };

    private static WaitingFor? PauseOf(ConversionState state)
    {
        if (state.PausedAt is not { } since)
        {
            return null;
        }

        var step = state.Steps is [.., { Outcome: "running" } current] ? current : null;
        var where = step switch
        {
            null => "before its first step",
            { Held: true } => $"before the step {step.Step}",
            { Step: StepNames.Preflight or StepNames.Publish or StepNames.Cleanup or StepNames.Report } => $"behind the step {step.Step}, which is short and finishes first",
            { Step: StepNames.Fixup } => "in the step fixup, whose appliance is stopped and starts anew",
            { Step: StepNames.Capture } => "in the step capture, which begins anew",
            _ => $"in the step {step.Step}, between slices",
        };
        return new WaitingFor { Reason = PausedReason, Detail = $"Paused by an operator, {where}. An operator has to resume it: ferry resume {state.CorrelationId}", Since = since };
    }

    private static StepView ToView(ConversionStep step) => new()
    {
        Step = step.Step,
        Attempt = step.Attempt,
        StartedAt = step.StartedAt,
        EndedAt = step.EndedAt,
        Outcome = step.Outcome,
        Bytes = step.Bytes,
        Epoch = step.Epoch,
        Failure = step.Failure,
    };

    private static string? TraceId(ConversionState state) =>
        ActivityContext.TryParse(state.TraceParent, null, out var context) ? context.TraceId.ToHexString() : null;
}
