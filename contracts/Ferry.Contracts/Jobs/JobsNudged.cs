namespace Ferry.Contracts.Jobs;

/// <summary>Event of a service: what its jobs of a conversion should do has changed. A hint: workers renew their leases at once and learn it; may be lost.</summary>
public sealed record JobsNudged
{
    /// <summary>Id of the conversion.</summary>
    public required Guid ConversionId { get; init; }
}
