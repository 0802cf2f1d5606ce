namespace Ferry.Contracts.Transfer;

/// <summary>The body of <c>POST /api/v1/transfers/{id}/priority</c>.</summary>
public sealed record TransferPriorityRequest
{
    /// <summary>The new priority.</summary>
    public required TransferPriority Priority { get; init; }
}
