namespace Ferry.Contracts.Cleanup;

/// <summary>
/// Answer of one service to <see cref="ListLiveManifests"/>. What is in no manifest yet (chunks of unfinished jobs) it has asked the chunk store for before it answered, which
/// protects it for the grace period.
/// </summary>
public sealed record LiveManifestsListed
{
    /// <summary>Id of the collection.</summary>
    public required Guid CollectionId { get; init; }

    /// <summary>The service that answers.</summary>
    public required string Service { get; init; }

    /// <summary>Root ids of the manifests that the service needs, each once.</summary>
    public required IReadOnlyList<string> Manifests { get; init; }
}
