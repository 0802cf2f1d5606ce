namespace Ferry.Contracts.DeadLetters;

/// <summary>What became of an operator's retry of a dead letter.</summary>
public sealed record DeadLetterRetry
{
    /// <summary><c>sent</c> (to its queue again), <c>conversion-retried</c> (the conversion had failed by it and goes on at the step), or <c>refused</c>.</summary>
    public required string Outcome { get; init; }

    /// <summary>In words.</summary>
    public required string Detail { get; init; }
}
