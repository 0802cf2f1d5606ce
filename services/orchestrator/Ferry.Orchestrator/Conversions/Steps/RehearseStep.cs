using Ferry.Contracts.Fixup;

namespace Ferry.Orchestrator.Conversions.Steps;

/// <summary>Starts the machine once, to see whether it boots.</summary>
public sealed class RehearseStep : IConversionStep
{
    /// <summary>What a request says when nothing is rehearsed.</summary>
    public const string None = "none";

    /// <summary>What a request says when the report is to tell.</summary>
    public const string Report = "report";

    /// <summary>What a request says when only what boots is to be published.</summary>
    public const string Require = "require";

    /// <inheritdoc/>
    public string Name => StepNames.Rehearse;

    /// <summary>Whether it was asked for.</summary>
    public bool IsNeeded(ConversionState state) => state.Request.Rehearse is Report or Require;

    /// <inheritdoc/>
    public IEnumerable<object> OutstandingCommands(ConversionState state, int attempt) =>
    [
        new RehearseBoot
        {
            ConversionId = state.CorrelationId,
            Attempt = attempt,
            Target = state.Request.Target,
            Machine = state.Machine!,
            Guest = state.Guest,
            Manifests = [.. state.Disks.Select(disk => disk.Manifest)],
            Required = state.Request.Rehearse == Require,
        },
    ];
}
