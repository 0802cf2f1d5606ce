using Ferry.Contracts.Conversions;

namespace Ferry.Contracts.Conversion;

/// <summary>Event of conversion: the disk's image is written, complete, read back and proven, still in its staging place.</summary>
public sealed record DiskConverted
{
    /// <summary>Id of the conversion.</summary>
    public required Guid ConversionId { get; init; }

    /// <summary>Attempt of the step.</summary>
    public required int Attempt { get; init; }

    /// <summary>Lease epoch of the worker that finished.</summary>
    public required long Epoch { get; init; }

    /// <summary>The proof.</summary>
    public required DiskReport Report { get; init; }
}
