using Ferry.Contracts.Fixup;

namespace Ferry.Orchestrator.Conversions.Steps;

/// <summary>Lets the guest run what waits for its first boot before the move.</summary>
public sealed class FirstBootStep : IConversionStep
{
    /// <inheritdoc/>
    public string Name => StepNames.FirstBoot;

    /// <summary>Whether it was asked for; without a fix-up nothing waits.</summary>
    public bool IsNeeded(ConversionState state) => state.Request.RunFirstBoot && state.Guest is not null;

    /// <inheritdoc/>
    public IEnumerable<object> OutstandingCommands(ConversionState state, int attempt) =>
    [
        new RunFirstBoot
        {
            ConversionId = state.CorrelationId,
            Attempt = attempt,
            Target = state.Request.Target,
            Machine = state.Machine!,
            Guest = state.Guest!,
            Manifests = [.. state.Disks.Select(disk => disk.Manifest)],
        },
    ];
}
