namespace Ferry.Contracts.Conversions;

/// <summary>Event: a conversion has reached its last state.</summary>
public sealed record ConversionEnded
{
    /// <summary>Id of the conversion.</summary>
    public required Guid ConversionId { get; init; }

    /// <summary><c>Completed</c>, <c>Failed</c> or <c>Cancelled</c>.</summary>
    public required string Outcome { get; init; }

    /// <summary>Why it failed, or null.</summary>
    public Failure? Failure { get; init; }
}
