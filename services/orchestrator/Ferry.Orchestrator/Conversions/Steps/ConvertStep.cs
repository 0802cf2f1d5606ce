using Ferry.Contracts.Conversion;

namespace Ferry.Orchestrator.Conversions.Steps;

/// <summary>Writes and proves one image per disk.</summary>
public sealed class ConvertStep : IConversionStep
{
    /// <inheritdoc/>
    public string Name => StepNames.Convert;

    /// <summary>Whether every disk has its proof.</summary>
    public bool IsDone(ConversionState state) => state.Disks.All(disk => disk.Report is not null);

    /// <inheritdoc/>
    public IEnumerable<object> OutstandingCommands(ConversionState state, int attempt) =>
        from disk in state.Disks
        where disk.Report is null
        select new ConvertDisk
        {
            ConversionId = state.CorrelationId,
            Attempt = attempt,
            Disk = disk.Index,
            Manifest = disk.Manifest,
            CapturedManifest = disk.CapturedManifest,
            Target = state.Request.Target,
            Format = state.Request.Format ?? TargetFormats.Of(state.Request.Target)[0],
            MachineName = state.MachineToPublish().Name,
            Output = state.Request.Output,
        };
}
