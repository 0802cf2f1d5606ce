namespace Ferry.DiskImages;

/// <summary>
/// What is about to change in an image that was complete: all that decides where blocks are appended. The same delta always gives the same places, so that
/// several workers, or one that goes on after a crash, write the same file.
/// </summary>
public sealed record DiskImageDelta
{
    /// <summary>Ranges that will be written, ascending and disjoint. Blocks that have a place keep it; those that have none get one behind the others, in this order.</summary>
    public required IReadOnlyList<DiskRange> Changed { get; init; }

    /// <summary>Identity of the delta: one that was interrupted is continued only with the same one.</summary>
    public required Guid DeltaId { get; init; }

    /// <summary>
    /// What the image must hold now, as <see cref="IDiskImageWriter.CompleteAsync(string, CancellationToken)"/> recorded it; null: not checked.
    /// It counts when the delta begins, not when it is continued.
    /// </summary>
    public string? BaseContentId { get; init; }
}
