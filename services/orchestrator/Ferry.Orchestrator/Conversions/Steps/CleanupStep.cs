using Ferry.Contracts.Cleanup;

namespace Ferry.Orchestrator.Conversions.Steps;

/// <summary>Has every service release what it holds.</summary>
public sealed class CleanupStep : IConversionStep
{
    /// <inheritdoc/>
    public string Name => StepNames.Cleanup;

    /// <inheritdoc/>
    public IEnumerable<object> OutstandingCommands(ConversionState state, int attempt) =>
        [new CleanUpConversion { ConversionId = state.CorrelationId, Attempt = attempt, KeepProducts = state.Outcome == "Completed" }];
}
