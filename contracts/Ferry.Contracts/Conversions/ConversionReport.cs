using Ferry.Contracts.Machines;

namespace Ferry.Contracts.Conversions;

/// <summary>The report of a conversion: <c>report.json</c>, and the source of <c>report.html</c>.</summary>
public sealed record ConversionReport
{
    /// <summary>Version of this document's form.</summary>
    public int Version { get; init; } = 1;

    /// <summary>Id of the conversion.</summary>
    public required Guid Id { get; init; }

    /// <summary>How it ended: <c>Completed</c>, <c>Failed</c> or <c>Cancelled</c>; <c>Unfinished</c> as long as it has not.</summary>
    public required string Outcome { get; init; }

    /// <summary>What was asked for.</summary>
    public required ConversionRequest Request { get; init; }

    /// <summary>The machine, or null when it was never captured.</summary>
    public MachineDescription? Machine { get; init; }

    /// <summary>Start, UTC.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>End, UTC; of an unfinished conversion the end of its last finished step.</summary>
    public required DateTimeOffset EndedAt { get; init; }

    /// <summary>Steps in order.</summary>
    public required IReadOnlyList<StepView> Steps { get; init; }

    /// <summary>Disks in controller order; empty when none was converted.</summary>
    public required IReadOnlyList<DiskReport> Disks { get; init; }

    /// <summary>Bytes that were received more than once over all disks; see <see cref="DiskReport.BytesResent"/>.</summary>
    public long BytesResent { get; init; }

    /// <summary>What the fix-up found and changed, or null when there was none.</summary>
    public GuestReport? Guest { get; init; }

    /// <summary>How the first boot before the move ended, or null when there was none.</summary>
    public RehearsalReport? FirstBoot { get; init; }

    /// <summary>How the rehearsal ended, or null when there was none.</summary>
    public RehearsalReport? Rehearsal { get; init; }

    /// <summary>Findings of all steps.</summary>
    public required IReadOnlyList<Finding> Findings { get; init; }

    /// <summary>Why it failed, or null.</summary>
    public Failure? Failure { get; init; }

    /// <summary>What could not be removed at the end; empty when it ended clean.</summary>
    public required IReadOnlyList<string> Residue { get; init; }

    /// <summary><c>clean</c>, or <c>residue: </c> and what is left; null in the report of a conversion that has not ended.</summary>
    public string? Ending => Outcome == "Unfinished" ? null : Residue.Count == 0 ? "clean" : $"residue: {string.Join("; ", Residue)}";

    /// <summary>W3C trace id, 32 hexadecimal digits, or null.</summary>
    public string? TraceId { get; init; }
}
