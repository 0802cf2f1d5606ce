namespace Ferry.Cleanup.Store;

/// <summary>What one service answered.</summary>
/// <param name="Service">The service.</param>
/// <param name="Manifests">Root ids of the manifests that it needs.</param>
public sealed record LiveAnswer(string Service, IReadOnlyList<string> Manifests);
