namespace Ferry.DiskImages;

/// <summary>
/// A disk image being written. Any range inside the plan can be written at any time and in any order, by several writers of the same plan in
/// different processes, as the plan alone decides where each block stands. Safe for concurrent writes of disjoint ranges.
/// Until <see cref="CompleteAsync(CancellationToken)"/> the file is marked incomplete and no reader takes it for an image.
/// </summary>
public interface IDiskImageWriter : IAsyncDisposable
{
    /// <summary>Size of the virtual disk in bytes.</summary>
    long Capacity { get; }

    /// <summary>Writes a range that lies inside the plan's allocated ranges. What is never written reads as zero.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The range is not within the plan.</exception>
    /// <exception cref="DiskImageException">The file cannot be written; <see cref="DiskImageErrors.NoSpace"/> when the disk is full.</exception>
    ValueTask WriteAsync(long offset, ReadOnlyMemory<byte> data, CancellationToken cancellationToken = default);

    /// <summary>Makes everything written so far durable.</summary>
    ValueTask FlushAsync(CancellationToken cancellationToken = default);

    /// <summary>Writes the metadata, makes all durable and takes the incomplete mark away. May be repeated.</summary>
    ValueTask CompleteAsync(CancellationToken cancellationToken = default);

    /// <summary>
    /// Completes the image and records in it what it holds, where the format has a place for that, so that a later delta can be refused by an image that holds
    /// something else. An image that was complete already keeps what it recorded.
    /// </summary>
    /// <param name="contentId">Identity of the content, for example of its manifest: 64 lower-case hexadecimal digits (a SHA-256).</param>
    /// <param name="cancellationToken">Stops the work.</param>
    ValueTask CompleteAsync(string contentId, CancellationToken cancellationToken = default) => CompleteAsync(cancellationToken);
}
