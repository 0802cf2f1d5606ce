namespace Ferry.Contracts.Library;

/// <summary>A file in the library that is not what was written.</summary>
public sealed record LibraryDamage
{
    /// <summary>Name in the machine's folder.</summary>
    public required string File { get; init; }

    /// <summary>What is wrong with it, in one sentence.</summary>
    public required string Problem { get; init; }
}
