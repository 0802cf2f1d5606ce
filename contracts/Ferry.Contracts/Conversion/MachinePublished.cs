namespace Ferry.Contracts.Conversion;

/// <summary>Event of conversion: image and definition are in the output folder.</summary>
public sealed record MachinePublished
{
    /// <summary>Id of the conversion.</summary>
    public required Guid ConversionId { get; init; }

    /// <summary>Attempt of the step.</summary>
    public required int Attempt { get; init; }

    /// <summary>Lease epoch of the worker that finished.</summary>
    public required long Epoch { get; init; }

    /// <summary>Names of the files in the output folder.</summary>
    public required IReadOnlyList<string> Files { get; init; }
}
