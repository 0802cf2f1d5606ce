namespace Ferry.Contracts.Conversions;

/// <summary>A page of the list of conversions, the newest first.</summary>
public sealed record ConversionPage
{
    /// <summary>How many there are in all.</summary>
    public required long Total { get; init; }

    /// <summary>The page; without progress.</summary>
    public required IReadOnlyList<ConversionView> Conversions { get; init; }
}
