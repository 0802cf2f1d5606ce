namespace Ferry.Contracts.Conversions;

/// <summary>One change of the fix-up.</summary>
public sealed record GuestChange
{
    /// <summary>Id of the rule that made it.</summary>
    public required string Rule { get; init; }

    /// <summary>File in the guest.</summary>
    public required string Path { get; init; }

    /// <summary>What was changed, in a sentence; for text files the old and new line.</summary>
    public required string Summary { get; init; }
}
