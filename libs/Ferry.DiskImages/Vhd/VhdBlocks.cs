using System.Runtime.CompilerServices;
using Ferry.DiskImages.Checking;
using Ferry.DiskImages.Metadata;
using Ferry.DiskImages.Sources;

namespace Ferry.DiskImages.Vhd;

/// <summary>
/// The blocks of an image (VHD 1.0, "Block Allocation Table and Data Blocks"): for each one big-endian 32-bit entry with the sector where its sector bitmap
/// stands, all ones when it has no place. The bitmap, one bit per sector, fills whole sectors; the data follows it. The table is read page by page.
/// </summary>
internal sealed class VhdBlocks
{
    /// <summary>The entry of a block that has no place.</summary>
    internal const uint Unallocated = uint.MaxValue;

    /// <summary>Bytes of an entry.</summary>
    internal const int EntrySize = sizeof(uint);

    private const int SectorSize = 512;
    private const int SectorsPerBitmapSector = SectorSize * 8;

    private readonly IByteSource _source;
    private readonly MetadataPages _table;
    private readonly long _tableOffset;
    private readonly (long Start, long End)[] _structures;
    private readonly IReadOnlyList<ParentLocatorEntry> _locators;

    private VhdBlocks(IByteSource source, DynamicDiskHeader header, long headerOffset, PageCache cache)
    {
        _source = source;
        _table = new MetadataPages(source, cache);
        _tableOffset = (long)header.TableOffset;
        BlockSize = header.BlockSize;
        BitmapSize = BitmapSizeOf(header.BlockSize);
        _locators = header.ParentLocators;
        _structures =
        [
            (0, VhdFooter.Size),
            (headerOffset, headerOffset + DynamicDiskHeader.Size),
            (_tableOffset, _tableOffset + ((long)header.MaxTableEntries * EntrySize)),
        ];
    }

    /// <summary>Bytes of data per block.</summary>
    internal long BlockSize { get; }

    /// <summary>Bytes of a block's sector bitmap.</summary>
    internal long BitmapSize { get; }

    /// <summary>Bytes of the sector bitmap of a block: whole sectors.</summary>
    internal static long BitmapSizeOf(long blockSize) => ((blockSize / SectorSize) + SectorsPerBitmapSector - 1) / SectorsPerBitmapSector * SectorSize;

    /// <summary>Checks the header against the file and the disk.</summary>
    internal static VhdBlocks Open(IByteSource source, DynamicDiskHeader header, long headerOffset, ulong capacity, PageCache cache)
    {
        if (header.BlockSize < SectorSize || !System.Numerics.BitOperations.IsPow2(header.BlockSize))
        {
            throw Corrupt($"A block of {header.BlockSize} bytes is not allowed: it is a power of 2 from 512 on.", source, headerOffset);
        }

        if (header.TableOffset > long.MaxValue || header.TableOffset % SectorSize != 0)
        {
            throw Corrupt("The block allocation table stands at an impossible place.", source, headerOffset);
        }

        // Before the length of the file is compared, as no file can hold a table that is far too large for its disk.
        var needed = (capacity + header.BlockSize - 1) / header.BlockSize;
        var length = (long)header.MaxTableEntries * EntrySize;
        if (length > source.Length && header.MaxTableEntries / 2 > needed)
        {
            throw Corrupt($"The block allocation table cannot have {header.MaxTableEntries} entries: the disk has {needed} blocks.", source, headerOffset);
        }

        if (needed > header.MaxTableEntries)
        {
            throw Corrupt($"The block allocation table is too small for the disk: {header.MaxTableEntries} of {needed} entries.", source, headerOffset);
        }

        SourceBounds.Require(source, (long)header.TableOffset, length, "block allocation table");
        return new VhdBlocks(source, header, headerOffset, cache);
    }

    /// <summary>The footer at the end of a file; very old programs wrote one of 511 bytes.</summary>
    internal static UsedRange FooterAtEnd(IByteSource source)
    {
        var start = (source.Length - 1) / SectorSize * SectorSize;
        return new UsedRange(0, start, source.Length - start, "footer");
    }

    /// <summary>What headers, table and blocks take of the file.</summary>
    internal async IAsyncEnumerable<UsedRange> GetUsedRangesAsync(long capacity, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var (start, end) in _structures)
        {
            yield return new UsedRange(0, start, end - start, "header or table");
        }

        foreach (var locator in _locators.Where(l => l.PlatformCode.AsSpan().ContainsAnyExcept('\0')))
        {
            yield return new UsedRange(0, (long)Math.Min(locator.DataOffset, long.MaxValue), locator.DataLength, "parent locator");
        }

        for (long block = 0; block < (capacity + BlockSize - 1) / BlockSize; block++)
        {
            if (await LocateAsync(block, cancellationToken).ConfigureAwait(false) is >= 0 and var start)
            {
                yield return UsedRange.Block(start, BitmapSize + BlockSize, BitmapSize + capacity - (block * BlockSize), _source.Length - VhdFooter.Size, block);
            }
        }

        yield return FooterAtEnd(_source);
    }

    /// <summary>Where the sector bitmap of a block stands, its data following it; -1 when the block has no place.</summary>
    internal async ValueTask<long> LocateAsync(long block, CancellationToken cancellationToken)
    {
        var position = _tableOffset + (block * EntrySize);
        var entry = System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(await _table.ReadUInt32Async(position, cancellationToken).ConfigureAwait(false));
        if (entry == Unallocated)
        {
            return -1;
        }

        var start = (long)entry * SectorSize;
        var end = start + BitmapSize + BlockSize;
        foreach (var structure in _structures)
        {
            if (start < structure.End && end > structure.Start)
            {
                throw Corrupt($"Block {block} overlaps the headers or the table of the image.", _source, position);
            }
        }

        return start;
    }

    private static InvalidDiskImageException Corrupt(string message, IByteSource source, long offset) => new(DiskImageErrors.Corrupt, message, source.Name, offset);
}
