namespace Ferry.Chunks.Slices;

/// <summary>How large slices may get.</summary>
public sealed record SliceLimits
{
    /// <summary>How long a slice should take.</summary>
    public TimeSpan TargetTime { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a slice may take at most: one that takes longer, as the rate has fallen, is cut there.</summary>
    public TimeSpan MostTime { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Chunks to work on in the first slices, before anything was measured.</summary>
    public int FirstWorkChunks { get; init; } = 16;

    /// <summary>Most chunks to work on in one slice.</summary>
    public int MaxWorkChunks { get; init; } = 1024;

    /// <summary>Most chunks a slice may span, with those that need no work: what a document can hold with ease.</summary>
    public int MaxSpan { get; init; } = 8192;
}
