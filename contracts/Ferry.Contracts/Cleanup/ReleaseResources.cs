namespace Ferry.Contracts.Cleanup;

/// <summary>Published by cleanup to every service: stop the jobs of a conversion, release what the ledger holds for it, and answer.</summary>
public sealed record ReleaseResources
{
    /// <summary>Id of the conversion.</summary>
    public required Guid ConversionId { get; init; }

    /// <summary>Attempt of the clean-up.</summary>
    public required int Attempt { get; init; }
}
