namespace Ferry.Contracts.Cleanup;

/// <summary>Something that looks like a service's own, and that its ledger does not name: it is only reported, as it may be somebody else's.</summary>
public sealed record StrayResource
{
    /// <summary>Kind.</summary>
    public required string Kind { get; init; }

    /// <summary>Path or name.</summary>
    public required string Place { get; init; }
}
