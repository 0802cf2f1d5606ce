namespace Ferry.Contracts.Cleanup;

/// <summary>Published by cleanup to every service: stop the jobs of a conversion, release what the ledger holds for it, and answer.</summary>
public sealed record ReleaseResources
{
    /// <summary>Id of the conversion.</summary>
    public required Guid ConversionId { get; init; }

    /// <summary>Attempt of the clean-up.</summary>
    public required int Attempt { get; init; }

    /// <summary>Whether the conversion is published: then what it was made for stays, and is only forgotten.</summary>
    public bool KeepProducts { get; init; }
}
