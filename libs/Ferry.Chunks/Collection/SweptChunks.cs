namespace Ferry.Chunks.Collection;

/// <summary>What a sweep found and did. Bytes are those in the store, after compression.</summary>
public sealed record SweptChunks
{
    /// <summary>Chunks looked at.</summary>
    public long Chunks { get; init; }

    /// <summary>What they take.</summary>
    public long Bytes { get; init; }

    /// <summary>Chunks that no live manifest needs, also those that are too young to go.</summary>
    public long GarbageChunks { get; init; }

    /// <summary>What they take.</summary>
    public long GarbageBytes { get; init; }

    /// <summary>Chunks that were deleted, or that would be in a dry run.</summary>
    public long CollectedChunks { get; init; }

    /// <summary>What they took.</summary>
    public long CollectedBytes { get; init; }

    /// <summary>The sum of both.</summary>
    public static SweptChunks operator +(SweptChunks left, SweptChunks right)
    {
        ArgumentNullException.ThrowIfNull(left);
        ArgumentNullException.ThrowIfNull(right);
        return new SweptChunks
        {
            Chunks = left.Chunks + right.Chunks,
            Bytes = left.Bytes + right.Bytes,
            GarbageChunks = left.GarbageChunks + right.GarbageChunks,
            GarbageBytes = left.GarbageBytes + right.GarbageBytes,
            CollectedChunks = left.CollectedChunks + right.CollectedChunks,
            CollectedBytes = left.CollectedBytes + right.CollectedBytes,
        };
    }
}
