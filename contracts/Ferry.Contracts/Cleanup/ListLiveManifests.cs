namespace Ferry.Contracts.Cleanup;

/// <summary>
/// Published by cleanup before chunks are collected: say which manifests you need now. First the services that do jobs are asked, and when all of them have answered the
/// orchestrator: results go from them to it, so that no result is missed between two answers.
/// </summary>
public sealed record ListLiveManifests
{
    /// <summary>Id of the collection.</summary>
    public required Guid CollectionId { get; init; }

    /// <summary>The services that should answer.</summary>
    public required IReadOnlyList<string> Services { get; init; }
}
