namespace Ferry.Contracts;

/// <summary>Something that a preflight, an inspection or a fix-up wants the operator to know.</summary>
public sealed record Finding
{
    /// <summary>Stable id, for example <c>GUEST_HYPERV_MODULES_MISSING</c>.</summary>
    public required string Id { get; init; }

    /// <summary>How much it matters.</summary>
    public required FindingSeverity Severity { get; init; }

    /// <summary>What was found, in a sentence.</summary>
    public required string Message { get; init; }

    /// <summary>What to do about it, or what Ferry does about it.</summary>
    public string Remedy { get; init; } = "";
}
