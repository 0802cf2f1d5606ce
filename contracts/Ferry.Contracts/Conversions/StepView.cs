namespace Ferry.Contracts.Conversions;

/// <summary>One step of a conversion, with its times.</summary>
public sealed record StepView
{
    /// <summary>Name: <c>capture</c>, <c>preflight</c>, <c>transfer</c>, <c>fixup</c>, <c>convert</c>, <c>publish</c>, <c>cleanup</c>.</summary>
    public required string Step { get; init; }

    /// <summary>Attempt, from 1.</summary>
    public required int Attempt { get; init; }

    /// <summary>Start, UTC.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>End, UTC, or null while it runs.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary><c>running</c>, <c>done</c>, <c>skipped</c>, <c>failed</c> or <c>cancelled</c>.</summary>
    public required string Outcome { get; init; }

    /// <summary>Bytes read, written, found zero and so on by this step; null for a step without disk work.</summary>
    public ByteCounts? Bytes { get; init; }

    /// <summary>How many workers took the step's jobs: 1 without a crash. The highest lease epoch among its jobs.</summary>
    public long Epoch { get; init; }

    /// <summary>Why it failed, or null.</summary>
    public Failure? Failure { get; init; }
}
