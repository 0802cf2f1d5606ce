namespace Ferry.Contracts.Cleanup;

/// <summary>Event of a service, at its start and every hour: what its ledger holds, so that the orchestrator finds what belongs to no running conversion.</summary>
public sealed record ResourcesHeld
{
    /// <summary>Name of the service.</summary>
    public required string Service { get; init; }

    /// <summary>When it looked, UTC.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The oldest entries of its ledger, 500 at most.</summary>
    public required IReadOnlyList<HeldResource> Held { get; init; }

    /// <summary>What its ledger does not name, 100 at most.</summary>
    public required IReadOnlyList<StrayResource> Strays { get; init; }
}
