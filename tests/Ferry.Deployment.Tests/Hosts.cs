namespace Ferry.Deployment.Tests;

/// <summary>Every program that is deployed.</summary>
internal static class Hosts
{
    /// <summary>The services and the gateway: one container each.</summary>
    public static readonly IReadOnlyList<string> Services =
        ["orchestrator", "capture", "transfer", "fixup", "conversion", "cleanup", "gateway"];

    /// <summary>All that have a Dockerfile.</summary>
    public static readonly IReadOnlyList<string> All = [.. Services, "ferry"];
}
