using Ferry.Contracts.Conversion;

namespace Ferry.Orchestrator.Conversions.Steps;

/// <summary>Writes the report beside the image.</summary>
public sealed class ReportStep : IConversionStep
{
    /// <inheritdoc/>
    public string Name => StepNames.Report;

    /// <inheritdoc/>
    public IEnumerable<object> OutstandingCommands(ConversionState state, int attempt) =>
    [
        new WriteReport
        {
            ConversionId = state.CorrelationId,
            Attempt = attempt,
            Output = state.Request.Output,
            Report = state.ToReport(state.Outcome!),
        },
    ];
}
