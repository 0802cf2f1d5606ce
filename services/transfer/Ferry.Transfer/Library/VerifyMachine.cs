namespace Ferry.Transfer.Library;

/// <summary>What the leased job of a verification does; never sent.</summary>
public sealed record VerifyMachine
{
    /// <summary>Name of the machine.</summary>
    public required string Name { get; init; }

    /// <summary>Id of the run.</summary>
    public required Guid RunId { get; init; }
}
