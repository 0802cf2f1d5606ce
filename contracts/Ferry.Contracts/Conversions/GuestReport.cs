namespace Ferry.Contracts.Conversions;

/// <summary>The guest system and what the fix-up did to it.</summary>
public sealed record GuestReport
{
    /// <summary>Family: <c>linux</c> or <c>windows</c>.</summary>
    public required string Family { get; init; }

    /// <summary>Distribution id (<c>debian</c>) or product.</summary>
    public required string Distribution { get; init; }

    /// <summary>Version.</summary>
    public required string Version { get; init; }

    /// <summary>What was changed, rule by rule, in order.</summary>
    public required IReadOnlyList<GuestChange> Changes { get; init; }
}
