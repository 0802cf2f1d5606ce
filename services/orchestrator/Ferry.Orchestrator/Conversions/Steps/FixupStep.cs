using Ferry.Contracts.Fixup;

namespace Ferry.Orchestrator.Conversions.Steps;

/// <summary>Makes the guest fit the target.</summary>
public sealed class FixupStep : IConversionStep
{
    /// <inheritdoc/>
    public string Name => StepNames.Fixup;

    /// <summary>Whether the guest is to be changed: not when the client said no, and not for a bare image target.</summary>
    public bool IsNeeded(ConversionState state) => state.Request.Fixup && state.Request.Target != "raw";

    /// <inheritdoc/>
    public IEnumerable<object> OutstandingCommands(ConversionState state, int attempt) =>
    [
        new FixUpGuest
        {
            ConversionId = state.CorrelationId,
            Attempt = attempt,
            Target = state.Request.Target,
            Generation = state.Request.Generation,
            FirstBoot = state.Request.FirstBoot,
            Machine = state.Machine!,
            Manifests = [.. state.Disks.Select(disk => disk.CapturedManifest)],
        },
    ];
}
