using Ferry.DiskImages.Sources;

namespace Ferry.DiskImages;

/// <summary>A virtual disk that can be read. Safe for concurrent reads.</summary>
public interface IDiskImageReader : IAsyncDisposable
{
    /// <summary>What was found about the image when it was opened.</summary>
    DiskImageInfo Info { get; }

    /// <summary>Size of the virtual disk in bytes.</summary>
    long Capacity { get; }

    /// <summary>Fills <paramref name="buffer"/> with the bytes from <paramref name="offset"/> on; unallocated ranges read as zero.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The range does not lie within the disk.</exception>
    /// <exception cref="DiskImageException">The image is damaged at that place, or its file cannot be read.</exception>
    ValueTask ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken = default);

    /// <summary>
    /// The extents of a range in ascending order, gapless, neighbours of different kinds, clipped to the range. Only metadata is read.
    /// </summary>
    IAsyncEnumerable<DiskExtent> GetExtentsAsync(long offset, long length, CancellationToken cancellationToken = default);

    /// <summary>The pins of every file that the image consists of, in the order of <see cref="DiskImageInfo.Files"/>.</summary>
    IReadOnlyList<SourcePin> Pins => [];

    /// <summary>Looks at every file of the image again.</summary>
    /// <exception cref="DiskImageException"><see cref="DiskImageErrors.SourceChanged"/> when one is no longer what was opened.</exception>
    ValueTask VerifyUnchangedAsync(CancellationToken cancellationToken = default) => ValueTask.CompletedTask;
}
