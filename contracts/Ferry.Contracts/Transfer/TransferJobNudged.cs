namespace Ferry.Contracts.Transfer;

/// <summary>Event of transfer, which may be lost: what a job should do has changed; the replica that runs it looks at once.</summary>
public sealed record TransferJobNudged
{
    /// <summary>Id of the job.</summary>
    public required Guid Id { get; init; }
}
