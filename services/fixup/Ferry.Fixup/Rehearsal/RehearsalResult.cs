using Ferry.Fixup.Appliance;
using Ferry.Fixup.Rehearsal.Signs;

namespace Ferry.Fixup.Rehearsal;

/// <summary>How a start ended and what was seen of it.</summary>
internal sealed record RehearsalResult
{
    /// <summary>The verdict.</summary>
    public required BootVerdict Verdict { get; init; }

    /// <summary>From the start to the verdict.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>What ran the processors.</summary>
    public required Acceleration Acceleration { get; init; }

    /// <summary>The last lines of the serial console.</summary>
    public required IReadOnlyList<string> SerialLines { get; init; }

    /// <summary>The last screen as PNG, or null.</summary>
    public byte[]? Screen { get; init; }

    /// <summary>Units that did not start, as the console named them.</summary>
    public required IReadOnlyList<string> FailedUnits { get; init; }
}
