namespace Ferry.Contracts.Conversion;

/// <summary>Event of conversion: the target can take the machine. When it cannot, the step fails with the findings that say why.</summary>
public sealed record TargetChecked
{
    /// <summary>Id of the conversion.</summary>
    public required Guid ConversionId { get; init; }

    /// <summary>Attempt of the step.</summary>
    public required int Attempt { get; init; }

    /// <summary>Lease epoch of the worker that finished.</summary>
    public required long Epoch { get; init; }

    /// <summary>What the operator should know of the target.</summary>
    public required IReadOnlyList<Finding> Findings { get; init; }
}
