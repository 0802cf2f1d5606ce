using Ferry.Contracts.Conversions;

namespace Ferry.Contracts.Fixup;

/// <summary>Event of fixup: the guest fits the target.</summary>
public sealed record GuestFixedUp
{
    /// <summary>Id of the conversion.</summary>
    public required Guid ConversionId { get; init; }

    /// <summary>Attempt of the step.</summary>
    public required int Attempt { get; init; }

    /// <summary>Lease epoch of the worker that finished.</summary>
    public required long Epoch { get; init; }

    /// <summary>Root ids of the new manifests, in the machine's order; an unchanged disk keeps its manifest.</summary>
    public required IReadOnlyList<string> Manifests { get; init; }

    /// <summary>The guest and what was changed.</summary>
    public required GuestReport Guest { get; init; }

    /// <summary>What the operator should know.</summary>
    public required IReadOnlyList<Finding> Findings { get; init; }
}
