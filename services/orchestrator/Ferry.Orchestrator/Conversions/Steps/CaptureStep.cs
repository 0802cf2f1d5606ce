using Ferry.Contracts.Capture;

namespace Ferry.Orchestrator.Conversions.Steps;

/// <summary>Describes the source.</summary>
public sealed class CaptureStep : IConversionStep
{
    /// <inheritdoc/>
    public string Name => StepNames.Capture;

    /// <inheritdoc/>
    public IEnumerable<object> OutstandingCommands(ConversionState state, int attempt) =>
    [
        new CaptureMachine
        {
            ConversionId = state.CorrelationId,
            Attempt = attempt,
            Source = state.Request.Source,
            SourceFormat = state.Request.SourceFormat,
            AllBlocks = state.Request.AllBlocks,
        },
    ];
}
