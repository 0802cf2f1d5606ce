namespace Ferry.Contracts.DeadLetters;

/// <summary>Dead letters, the newest first.</summary>
public sealed record DeadLetterPage
{
    /// <summary>How many there are.</summary>
    public required long Total { get; init; }

    /// <summary>Those of the page.</summary>
    public required IReadOnlyList<DeadLetterView> DeadLetters { get; init; }
}
