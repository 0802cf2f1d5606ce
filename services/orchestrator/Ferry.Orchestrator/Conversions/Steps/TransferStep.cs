using Ferry.Contracts.Transfer;

namespace Ferry.Orchestrator.Conversions.Steps;

/// <summary>Brings remote disks into the chunk store; a disk that a worker can read in place is not copied at all.</summary>
public sealed class TransferStep : IConversionStep
{
    /// <inheritdoc/>
    public string Name => StepNames.Transfer;

    /// <summary>Whether any disk is remote and not there yet.</summary>
    public bool IsNeeded(ConversionState state) => state.Disks.Any(disk => disk.Remote && !disk.Transferred);

    /// <summary>Whether every remote disk is there.</summary>
    public bool IsDone(ConversionState state) => !IsNeeded(state);

    /// <inheritdoc/>
    public IEnumerable<object> OutstandingCommands(ConversionState state, int attempt) =>
        from disk in state.Disks
        where disk.Remote && !disk.Transferred
        select new TransferDisk
        {
            ConversionId = state.CorrelationId,
            Attempt = attempt,
            Disk = disk.Index,
            Manifest = disk.OriginManifest ?? disk.CapturedManifest,
            KnownManifest = disk.OriginManifest is null ? null : disk.CapturedManifest,
        };
}
