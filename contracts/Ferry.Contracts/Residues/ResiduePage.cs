namespace Ferry.Contracts.Residues;

/// <summary>Everything that is left.</summary>
public sealed record ResiduePage
{
    /// <summary>What is left; empty when everything is clean.</summary>
    public required IReadOnlyList<ResidueView> Residue { get; init; }
}
