namespace Ferry.Contracts.Transfer;

/// <summary>A page of the list of transfer jobs, the newest first.</summary>
public sealed record TransferJobPage
{
    /// <summary>How many there are in all.</summary>
    public required long Total { get; init; }

    /// <summary>The page.</summary>
    public required IReadOnlyList<TransferJobView> Transfers { get; init; }
}
