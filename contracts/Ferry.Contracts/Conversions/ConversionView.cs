using Ferry.Contracts.Machines;

namespace Ferry.Contracts.Conversions;

/// <summary>One conversion as the API shows it.</summary>
public sealed record ConversionView
{
    /// <summary>Id of the conversion.</summary>
    public required Guid Id { get; init; }

    /// <summary>State, a word of DESIGN section 2: <c>Requested</c>, <c>Capturing</c>, ... <c>Paused</c>, <c>Completed</c>, <c>Cancelled</c>, <c>Failed</c>.</summary>
    public required string State { get; init; }

    /// <summary>What was asked for.</summary>
    public required ConversionRequest Request { get; init; }

    /// <summary>When it was asked for, UTC.</summary>
    public required DateTimeOffset RequestedAt { get; init; }

    /// <summary>When it ended, UTC, or null.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>The machine, once captured.</summary>
    public MachineDescription? Machine { get; init; }

    /// <summary>Steps so far, in order.</summary>
    public required IReadOnlyList<StepView> Steps { get; init; }

    /// <summary>Progress of the running step, one entry a disk.</summary>
    public required IReadOnlyList<DiskProgress> Progress { get; init; }

    /// <summary>Findings so far.</summary>
    public required IReadOnlyList<Finding> Findings { get; init; }

    /// <summary>How the rehearsal ended, or null.</summary>
    public RehearsalReport? Rehearsal { get; init; }

    /// <summary>Why it failed, or null.</summary>
    public Failure? Failure { get; init; }

    /// <summary>What it waits for when it is not working, or null.</summary>
    public WaitingFor? WaitingFor { get; init; }

    /// <summary>What could not be removed at the end; empty when it ended clean.</summary>
    public required IReadOnlyList<string> Residue { get; init; }

    /// <summary>W3C trace id of the conversion, 32 hexadecimal digits, or null.</summary>
    public string? TraceId { get; init; }

    /// <summary>Whether it has ended.</summary>
    public bool Ended => State is "Completed" or "Cancelled" or "Failed";

    /// <summary><c>clean</c>, or <c>residue: </c> and what is left; null before the end.</summary>
    public string? Ending => !Ended ? null : Residue.Count == 0 ? "clean" : $"residue: {string.Join("; ", Residue)}";
}
