using Ferry.DiskImages;

namespace Ferry.Chunks.Manifests;

/// <summary>Captures an image that stays where it is: a manifest from its metadata alone.</summary>
public static class ImageManifest
{
    /// <summary>
    /// Writes a manifest of an image: <c>Zero</c> for every chunk that the image says is wholly zero or unallocated, <c>Origin</c> for all others. No data is read.
    /// </summary>
    /// <param name="image">The open image.</param>
    /// <param name="origin">Where it is, with its pins.</param>
    /// <param name="manifests">Where the manifest goes.</param>
    /// <param name="chunkSize">A power of two from 64 KiB to 64 MiB.</param>
    /// <param name="cancellationToken">Stops the capture.</param>
    /// <returns>The manifest's root id.</returns>
    /// <exception cref="DiskImageException">The image's metadata is damaged.</exception>
    public static ValueTask<ChunkId> CaptureAsync(
        IDiskImageReader image, ManifestOrigin origin, ManifestStore manifests, int chunkSize = ManifestHeader.DefaultChunkSize, CancellationToken cancellationToken = default) =>
        CaptureAsync(image, origin, manifests, [], chunkSize, cancellationToken);

    /// <summary>
    /// The same, with <c>Unused</c> for every chunk that has data and lies wholly within a range that no file system uses.
    /// </summary>
    /// <param name="image">The open image.</param>
    /// <param name="origin">Where it is, with its pins.</param>
    /// <param name="manifests">Where the manifest goes.</param>
    /// <param name="unused">The ranges, ascending, disjoint, neighbours joined: <see cref="DiskImages.FileSystems.UsedBlockMap.Unused"/> of the same disk.</param>
    /// <param name="chunkSize">A power of two from 64 KiB to 64 MiB.</param>
    /// <param name="cancellationToken">Stops the capture.</param>
    /// <returns>The manifest's root id.</returns>
    /// <exception cref="DiskImageException">The image's metadata is damaged.</exception>
    public static async ValueTask<ChunkId> CaptureAsync(
        IDiskImageReader image, ManifestOrigin origin, ManifestStore manifests, IReadOnlyList<DiskRange> unused, int chunkSize, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(origin);
        ArgumentNullException.ThrowIfNull(manifests);
        ArgumentNullException.ThrowIfNull(unused);
        var chunks = new UnusedChunks(unused, image.Capacity, chunkSize);
        using ManifestWriter writer = manifests.CreateWriter(image.Capacity, chunkSize, image.Info.LogicalSectorSize, origin);
        long position = 0;
        await foreach (DiskExtent extent in image.GetExtentsAsync(0, image.Capacity, cancellationToken))
        {
            if (extent.Offset != position || extent.Length < 1 || extent.Length > image.Capacity - position)
            {
                throw new InvalidDiskImageException(DiskImageErrors.Corrupt, "The image's extents overlap or leave gaps.", origin.Image, extent.Offset);
            }

            position = extent.End;
            if (extent.Kind == ExtentKind.Data)
            {
                long first = Math.Max(extent.Offset / chunkSize, writer.Count);
                long end = ((extent.End - 1) / chunkSize) + 1;
                await writer.AppendRunAsync(new ManifestEntry(ChunkState.Zero), first - writer.Count, cancellationToken);
                while (writer.Count < end)
                {
                    (ChunkState state, long next) = chunks.StateAt(writer.Count);
                    await writer.AppendRunAsync(new ManifestEntry(state), Math.Min(end, next) - writer.Count, cancellationToken);
                }
            }
        }

        if (position != image.Capacity)
        {
            throw new InvalidDiskImageException(DiskImageErrors.Corrupt, "The image's extents end before the disk does.", origin.Image, position);
        }

        await writer.AppendRunAsync(new ManifestEntry(ChunkState.Zero), writer.ChunkCount - writer.Count, cancellationToken);
        return await writer.CompleteAsync(cancellationToken);
    }
}
