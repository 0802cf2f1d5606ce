using Ferry.Contracts.Conversion;

namespace Ferry.Orchestrator.Conversions.Steps;

/// <summary>Asks whether the target can take the machine, before any bytes are moved.</summary>
public sealed class PreflightStep : IConversionStep
{
    /// <inheritdoc/>
    public string Name => StepNames.Preflight;

    /// <inheritdoc/>
    public IEnumerable<object> OutstandingCommands(ConversionState state, int attempt) =>
    [
        new CheckTarget
        {
            ConversionId = state.CorrelationId,
            Attempt = attempt,
            Target = state.Request.Target,
            Format = state.Request.Format,
            Generation = state.Request.Generation,
            Machine = state.MachineToPublish(),
            Output = state.Request.Output,
        },
    ];
}
