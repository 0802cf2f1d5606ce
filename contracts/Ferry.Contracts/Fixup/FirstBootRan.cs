using Ferry.Contracts.Conversions;

namespace Ferry.Contracts.Fixup;

/// <summary>Event of fixup: the first boot is done, or is left to the target, of which a finding tells.</summary>
public sealed record FirstBootRan
{
    /// <summary>Id of the conversion.</summary>
    public required Guid ConversionId { get; init; }

    /// <summary>Attempt of the step.</summary>
    public required int Attempt { get; init; }

    /// <summary>Lease epoch of the worker that finished.</summary>
    public required long Epoch { get; init; }

    /// <summary>Root ids of the new manifests, in the machine's order; the given ones when the first boot is left to the target.</summary>
    public required IReadOnlyList<string> Manifests { get; init; }

    /// <summary>How it ended, with the last lines; null when nothing was started.</summary>
    public RehearsalReport? Run { get; init; }

    /// <summary>What the operator should know.</summary>
    public required IReadOnlyList<Finding> Findings { get; init; }
}
