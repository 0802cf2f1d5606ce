namespace Ferry.Contracts.Cleanup;

/// <summary>Answer of one service to <see cref="ReleaseResources"/>.</summary>
public sealed record ResourcesReleased
{
    /// <summary>Id of the conversion.</summary>
    public required Guid ConversionId { get; init; }

    /// <summary>Attempt of the clean-up.</summary>
    public required int Attempt { get; init; }

    /// <summary>The service that answers: <c>capture</c>, <c>transfer</c>, <c>fixup</c>, <c>conversion</c>.</summary>
    public required string Service { get; init; }

    /// <summary>How many resources were released.</summary>
    public required int Released { get; init; }

    /// <summary>What could not be released, in words with the place; empty when all went well.</summary>
    public required IReadOnlyList<string> Residue { get; init; }
}
