using System.Numerics;
using System.Runtime.CompilerServices;
using Ferry.DiskImages.Checking;
using Ferry.DiskImages.Metadata;
using Ferry.DiskImages.Sources;

namespace Ferry.DiskImages.Vhdx;

/// <summary>The block allocation table and the sector bitmaps of a file (MS-VHDX 2.4, 2.5), read entry by entry as they are needed. Safe for concurrent use.</summary>
/// <param name="source">The file, its log replayed.</param>
/// <param name="geometry">Sizes.</param>
/// <param name="bat">The region of the table.</param>
/// <param name="metadata">The region of the metadata.</param>
/// <param name="hasParent">Whether the file is a differencing image.</param>
/// <param name="cache">Keeps pages of the tables.</param>
internal sealed class BlockTable(IByteSource source, VhdxGeometry geometry, RegionTableEntry bat, RegionTableEntry metadata, bool hasParent, PageCache cache)
{
    private const int BitsPerWord = 64;

    private readonly MetadataPages _pages = new(source, cache);

    /// <summary>Where a payload block is.</summary>
    internal async ValueTask<BlockPlace> LocateAsync(long block, CancellationToken cancellationToken)
    {
        var position = (long)bat.FileOffset + (geometry.EntryOf(block) * BatEntry.Size);
        var entry = new BatEntry(await _pages.ReadUInt64Async(position, cancellationToken).ConfigureAwait(false));
        return entry.State switch
        {
            BatState.FullyPresent => new BlockPlace(BlockContent.File, RequirePlace(entry, geometry.BlockSize, position)),
            BatState.PartiallyPresent when hasParent => new BlockPlace(BlockContent.Mixed, RequirePlace(entry, geometry.BlockSize, position)),
            BatState.NotPresent => new BlockPlace(hasParent ? BlockContent.Parent : BlockContent.Nothing),

            // Also in a differencing image these never show the parent through; they may be read as zero.
            BatState.Zero => new BlockPlace(BlockContent.Zero),
            BatState.Undefined or BatState.Unmapped => new BlockPlace(hasParent ? BlockContent.Zero : BlockContent.Nothing),
            _ => throw new InvalidDiskImageException(
                DiskImageErrors.Corrupt, $"Block {block} is in the state {(int)entry.State}, which is not allowed in this image.", source.Name, position),
        };
    }

    /// <summary>What payload blocks and sector bitmaps take of the file.</summary>
    internal async IAsyncEnumerable<UsedRange> GetUsedRangesAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (long block = 0; block < geometry.BlockCount; block++)
        {
            var place = await LocateAsync(block, cancellationToken).ConfigureAwait(false);
            if (place.Content is BlockContent.File or BlockContent.Mixed)
            {
                yield return UsedRange.Block(place.FileOffset, geometry.BlockSize, geometry.Capacity - (block * geometry.BlockSize), source.Length, block);
            }
        }

        for (long chunk = 0; hasParent && chunk * geometry.ChunkRatio < geometry.BlockCount; chunk++)
        {
            if (await FindBitmapAsync(chunk, cancellationToken).ConfigureAwait(false) is ({ State: BatState.FullyPresent } entry, var position))
            {
                yield return new UsedRange(0, RequirePlace(entry, VhdxGeometry.Alignment, position), VhdxGeometry.Alignment, "sector bitmap", chunk);
            }
        }
    }

    /// <summary>The run of sectors from an offset of the disk on, within one block and up to <paramref name="end"/>, that are all in this file or all in the parent.</summary>
    /// <returns>Whether they are in this file, and the offset of the disk at which the run ends.</returns>
    internal async ValueTask<(bool IsHere, long End)> FindRunAsync(long offset, long end, CancellationToken cancellationToken)
    {
        var chunkSize = geometry.ChunkRatio * geometry.BlockSize;
        var chunk = offset / chunkSize;
        var bitmap = await LocateBitmapAsync(chunk, cancellationToken).ConfigureAwait(false);
        var first = offset % chunkSize / geometry.LogicalSectorSize;
        var last = (end - 1 - (chunk * chunkSize)) / geometry.LogicalSectorSize;
        var isHere = false;
        for (var sector = first; sector <= last;)
        {
            var word = await _pages.ReadUInt64Async(bitmap + (sector / BitsPerWord * sizeof(ulong)), cancellationToken).ConfigureAwait(false);
            var bit = (int)(sector % BitsPerWord);
            if (sector == first)
            {
                isHere = ((word >> bit) & 1) != 0;
            }

            var same = BitOperations.TrailingZeroCount((isHere ? ~word : word) >> bit);
            var rest = BitsPerWord - bit;
            if (same < rest)
            {
                return (isHere, Math.Min(end, (chunk * chunkSize) + ((sector + same) * geometry.LogicalSectorSize)));
            }

            sector += rest;
        }

        return (isHere, end);
    }

    private async ValueTask<long> LocateBitmapAsync(long chunk, CancellationToken cancellationToken)
    {
        var (entry, position) = await FindBitmapAsync(chunk, cancellationToken).ConfigureAwait(false);
        return entry.State == BatState.FullyPresent
            ? RequirePlace(entry, VhdxGeometry.Alignment, position)
            : throw new InvalidDiskImageException(DiskImageErrors.Corrupt, $"Sector bitmap {chunk} is needed and not there (state {(int)entry.State}).", source.Name, position);
    }

    private async ValueTask<(BatEntry Entry, long Position)> FindBitmapAsync(long chunk, CancellationToken cancellationToken)
    {
        var index = (chunk * (geometry.ChunkRatio + 1)) + geometry.ChunkRatio;
        if ((index + 1) * BatEntry.Size > bat.Length)
        {
            throw new InvalidDiskImageException(DiskImageErrors.Corrupt, $"The block allocation table has no entry of sector bitmap {chunk}.", source.Name, (long)bat.FileOffset);
        }

        var position = (long)bat.FileOffset + (index * BatEntry.Size);
        return (new BatEntry(await _pages.ReadUInt64Async(position, cancellationToken).ConfigureAwait(false)), position);
    }

    /// <summary>A block stands behind the header section and on neither table.</summary>
    private long RequirePlace(BatEntry entry, long length, long position) =>
        entry.FileOffset is >= (ulong)VhdxGeometry.Alignment and <= long.MaxValue - (1L << 40) && !Overlaps(entry, length, bat) && !Overlaps(entry, length, metadata)
            ? (long)entry.FileOffset
            : throw new InvalidDiskImageException(DiskImageErrors.Corrupt, $"The block at {entry.FileOffset} stands at an impossible place.", source.Name, position);

    private static bool Overlaps(BatEntry entry, long length, RegionTableEntry region) =>
        entry.FileOffset < region.FileOffset + region.Length && region.FileOffset < entry.FileOffset + (ulong)length;
}
