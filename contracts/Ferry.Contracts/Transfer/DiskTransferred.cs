using Ferry.Contracts.Conversions;

namespace Ferry.Contracts.Transfer;

/// <summary>Event of transfer: every chunk of the disk is in the chunk store.</summary>
public sealed record DiskTransferred
{
    /// <summary>Id of the conversion.</summary>
    public required Guid ConversionId { get; init; }

    /// <summary>Attempt of the step.</summary>
    public required int Attempt { get; init; }

    /// <summary>Lease epoch of the worker that finished.</summary>
    public required long Epoch { get; init; }

    /// <summary>Index of the disk.</summary>
    public required int Disk { get; init; }

    /// <summary>Root id of the new manifest, which has no origin entry.</summary>
    public required string Manifest { get; init; }

    /// <summary>Digest of the disk.</summary>
    public required string Digest { get; init; }

    /// <summary>Bytes read, deduplicated, stored.</summary>
    public required ByteCounts Bytes { get; init; }
}
