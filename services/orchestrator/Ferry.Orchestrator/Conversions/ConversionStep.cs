using Ferry.Contracts;
using Ferry.Contracts.Conversions;

namespace Ferry.Orchestrator.Conversions;

/// <summary>One attempt of one step.</summary>
public sealed class ConversionStep
{
    /// <summary>Name of the step, see <see cref="StepNames"/>.</summary>
    public required string Step { get; set; }

    /// <summary>Attempt, from 1.</summary>
    public required int Attempt { get; set; }

    /// <summary>Start, UTC.</summary>
    public required DateTimeOffset StartedAt { get; set; }

    /// <summary>End, UTC, or null while it runs.</summary>
    public DateTimeOffset? EndedAt { get; set; }

    /// <summary><c>running</c>, <c>done</c>, <c>failed</c> or <c>cancelled</c>.</summary>
    public string Outcome { get; set; } = "running";

    /// <summary>Whether its commands are not sent yet, as the conversion was paused when it came to this step.</summary>
    public bool Held { get; set; }

    /// <summary>Bytes of all its jobs so far, or null.</summary>
    public ByteCounts? Bytes { get; set; }

    /// <summary>Highest lease epoch among its jobs: more than 1 when a worker died.</summary>
    public long Epoch { get; set; }

    /// <summary>Why it failed, or null.</summary>
    public Failure? Failure { get; set; }
}
