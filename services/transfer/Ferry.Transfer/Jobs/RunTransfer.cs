namespace Ferry.Transfer.Jobs;

/// <summary>What the leased job of a transfer job does; never sent.</summary>
public sealed record RunTransfer
{
    /// <summary>Document id of the transfer job.</summary>
    public required string Id { get; init; }
}
