using Ferry.Contracts.Capture;
using Ferry.Contracts.Transfer;

namespace Ferry.Orchestrator.Conversions.Steps;

/// <summary>Describes the source. A machine that a client has sent is captured already: the transfer service, which has it, answers.</summary>
public sealed class CaptureStep : IConversionStep
{
    /// <inheritdoc/>
    public string Name => StepNames.Capture;

    /// <inheritdoc/>
    public IEnumerable<object> OutstandingCommands(ConversionState state, int attempt) =>
    [
        UploadSource.Of(state.Request.Source) is { } upload
            ? new CaptureUpload { ConversionId = state.CorrelationId, Attempt = attempt, UploadId = upload }
            : new CaptureMachine
            {
                ConversionId = state.CorrelationId,
                Attempt = attempt,
                Source = state.Request.Source,
                SourceFormat = state.Request.SourceFormat,
                AllBlocks = state.Request.AllBlocks,
            },
    ];
}
