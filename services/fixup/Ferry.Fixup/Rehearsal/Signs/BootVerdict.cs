namespace Ferry.Fixup.Rehearsal.Signs;

/// <summary>How a start ended.</summary>
/// <param name="Outcome"><see cref="Booted"/>, <see cref="Panicked"/> or <see cref="Unknown"/>.</param>
/// <param name="Kind">By which sign (<see cref="BootSign.NameOf"/>), or null.</param>
/// <param name="Quote">The line that shows it; for an unknown end what was seen last, which may be empty.</param>
/// <param name="Cause">An earlier line that tells why, or null.</param>
internal sealed record BootVerdict(string Outcome, string? Kind, string Quote, string? Cause)
{
    /// <summary>The system has started.</summary>
    public const string Booted = "booted";

    /// <summary>It has not, and says so.</summary>
    public const string Panicked = "panicked";

    /// <summary>Nobody can tell.</summary>
    public const string Unknown = "unknown";
}
