namespace Ferry.Contracts.Transfer;

/// <summary>Event of transfer, which may be lost: the limits are others; every replica reads them at once.</summary>
public sealed record TransferLimitsChanged
{
    /// <summary>Revision of the limits.</summary>
    public required long Revision { get; init; }
}
