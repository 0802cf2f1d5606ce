using Ferry.Contracts.Conversions;

namespace Ferry.Contracts.Fixup;

/// <summary>Event of fixup: the rehearsal is over, however it ended.</summary>
public sealed record BootRehearsed
{
    /// <summary>Id of the conversion.</summary>
    public required Guid ConversionId { get; init; }

    /// <summary>Attempt of the step.</summary>
    public required int Attempt { get; init; }

    /// <summary>Lease epoch of the worker that finished.</summary>
    public required long Epoch { get; init; }

    /// <summary>How it ended; null when the machine could not be started here or broke off, of which a finding tells.</summary>
    public RehearsalReport? Rehearsal { get; init; }

    /// <summary>What the operator should know.</summary>
    public required IReadOnlyList<Finding> Findings { get; init; }
}
