namespace Ferry.Contracts.Cleanup;

/// <summary>Command to cleanup: have every service stop its jobs for a conversion and release what its ledger holds.</summary>
public sealed record CleanUpConversion
{
    /// <summary>Id of the conversion.</summary>
    public required Guid ConversionId { get; init; }

    /// <summary>Attempt of the step, from 1.</summary>
    public required int Attempt { get; init; }

    /// <summary>Whether the conversion is published: then what it was made for stays, and is only forgotten.</summary>
    public bool KeepProducts { get; init; }
}
