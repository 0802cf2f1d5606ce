namespace Ferry.Contracts.Cleanup;

/// <summary>A resource outside the store that a service has written down.</summary>
public sealed record HeldResource
{
    /// <summary>Id of the conversion.</summary>
    public required Guid ConversionId { get; init; }

    /// <summary>Kind: which releaser removes it.</summary>
    public required string Kind { get; init; }

    /// <summary>Path or name.</summary>
    public required string Place { get; init; }

    /// <summary>When it was written down, UTC.</summary>
    public required DateTimeOffset RecordedAt { get; init; }
}
