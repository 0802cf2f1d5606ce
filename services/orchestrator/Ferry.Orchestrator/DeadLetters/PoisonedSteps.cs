using Ferry.Contracts.Capture;
using Ferry.Contracts.Cleanup;
using Ferry.Contracts.Conversion;
using Ferry.Contracts.Fixup;
using Ferry.Contracts.Jobs;
using Ferry.Contracts.Transfer;
using Ferry.Orchestrator.Conversions;

namespace Ferry.Orchestrator.DeadLetters;

/// <summary>Which step cannot go on without a message.</summary>
public static class PoisonedSteps
{
    private static readonly Dictionary<string, string> Steps = new(StringComparer.Ordinal)
    {
        [typeof(CaptureMachine).FullName!] = StepNames.Capture,
        [typeof(CaptureUpload).FullName!] = StepNames.Capture,
        [typeof(MachineCaptured).FullName!] = StepNames.Capture,
        [typeof(CheckTarget).FullName!] = StepNames.Preflight,
        [typeof(TargetChecked).FullName!] = StepNames.Preflight,
        [typeof(TransferDisk).FullName!] = StepNames.Transfer,
        [typeof(DiskTransferred).FullName!] = StepNames.Transfer,
        [typeof(FixUpGuest).FullName!] = StepNames.Fixup,
        [typeof(GuestFixedUp).FullName!] = StepNames.Fixup,
        [typeof(RunFirstBoot).FullName!] = StepNames.FirstBoot,
        [typeof(FirstBootRan).FullName!] = StepNames.FirstBoot,
        [typeof(RehearseBoot).FullName!] = StepNames.Rehearse,
        [typeof(BootRehearsed).FullName!] = StepNames.Rehearse,
        [typeof(ConvertDisk).FullName!] = StepNames.Convert,
        [typeof(DiskConverted).FullName!] = StepNames.Convert,
        [typeof(PublishMachine).FullName!] = StepNames.Publish,
        [typeof(MachinePublished).FullName!] = StepNames.Publish,
        [typeof(CleanUpConversion).FullName!] = StepNames.Cleanup,
        [typeof(ConversionCleanedUp).FullName!] = StepNames.Cleanup,
        [typeof(WriteReport).FullName!] = StepNames.Report,
        [typeof(ReportWritten).FullName!] = StepNames.Report,
    };

    /// <summary>The step, or null for a message whose loss is made up for otherwise: progress, hints, and what the sweeper or a clean-up's time limit repeats.</summary>
    public static string? Of(MessagePoisoned message)
    {
        ArgumentNullException.ThrowIfNull(message);
        return message.Type == typeof(StepFailed).FullName ? message.Step : Steps.GetValueOrDefault(message.Type);
    }
}
