using Ferry.Contracts.Conversion;
using Ferry.Hosting.Library;

namespace Ferry.Orchestrator.Conversions.Steps;

/// <summary>Lets image and definition appear in the output folder.</summary>
public sealed class PublishStep : IConversionStep
{
    /// <inheritdoc/>
    public string Name => StepNames.Publish;

    /// <inheritdoc/>
    public IEnumerable<object> OutstandingCommands(ConversionState state, int attempt) =>
    [
        new PublishMachine
        {
            ConversionId = state.CorrelationId,
            Attempt = attempt,
            Target = state.Request.Target,
            Generation = state.Request.Generation,
            Machine = state.MachineToPublish(),
            Guest = state.Guest,
            Disks = [.. state.Disks.Select(disk => disk.Report!)],
            Output = state.Request.Output,

            // What appears in the library appears whole; a folder gets its report last, when the clean-up is done.
            Report = LibraryName.IsReference(state.Request.Output) ? state.ToReport("Completed") : null,
        },
    ];
}
