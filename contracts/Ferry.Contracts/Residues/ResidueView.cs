namespace Ferry.Contracts.Residues;

/// <summary>Something that is left and belongs to no running conversion.</summary>
public sealed record ResidueView
{
    /// <summary>The service that holds or found it, or null when only the conversion names it.</summary>
    public string? Service { get; init; }

    /// <summary>What it is: kind and place, or the words of the clean-up.</summary>
    public required string What { get; init; }

    /// <summary>The conversion, or null.</summary>
    public Guid? ConversionId { get; init; }

    /// <summary>State of the conversion, <c>unknown</c>, or null.</summary>
    public string? State { get; init; }

    /// <summary>When it was found last, UTC.</summary>
    public required DateTimeOffset FoundAt { get; init; }

    /// <summary>What to do.</summary>
    public required string Remedy { get; init; }
}
