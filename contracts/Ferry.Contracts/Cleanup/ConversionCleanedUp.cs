namespace Ferry.Contracts.Cleanup;

/// <summary>Event of cleanup: every service has answered.</summary>
public sealed record ConversionCleanedUp
{
    /// <summary>Id of the conversion.</summary>
    public required Guid ConversionId { get; init; }

    /// <summary>Attempt of the step.</summary>
    public required int Attempt { get; init; }

    /// <summary>What could not be released; empty: the conversion ends clean.</summary>
    public required IReadOnlyList<string> Residue { get; init; }
}
