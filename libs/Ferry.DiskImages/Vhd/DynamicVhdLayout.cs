namespace Ferry.DiskImages.Vhd;

/// <summary>
/// Where everything stands in a dynamic VHD that Ferry writes: copy of the footer at 0, header at 512, Ferry's record at 1536, block allocation table at 4096,
/// then the slots of the blocks, the footer behind the last. A slot is a sector bitmap and its data; the data begins at a multiple of 4096, as Windows does it
/// for disks with large sectors, wherever the table's sector numbers reach so far.
/// </summary>
/// <param name="Capacity">Size of the disk in bytes.</param>
/// <param name="BlockSize">Bytes of data per block.</param>
/// <param name="DiskId">Unique id of the image.</param>
/// <param name="LeadSize">Bytes of a slot before its data; the bitmap fills the last of them.</param>
internal sealed record DynamicVhdLayout(long Capacity, int BlockSize, Guid DiskId, long LeadSize)
{
    /// <summary>Where the dynamic disk header stands.</summary>
    internal const long HeaderOffset = VhdFooter.Size;

    /// <summary>Where Ferry's record stands.</summary>
    internal const long RecordOffset = HeaderOffset + DynamicDiskHeader.Size;

    /// <summary>Where the block allocation table stands.</summary>
    internal const long TableOffset = Alignment;

    private const int Alignment = 4096;
    private const int SectorSize = 512;
    private const int DefaultBlockSize = 2 << 20;
    private const int MinimumBlockSize = 512 << 10;
    private const int MaximumBlockSize = 256 << 20;

    /// <summary>Sector numbers below this one can stand in the table.</summary>
    private const long SectorNumbers = VhdBlocks.Unallocated;

    /// <summary>Blocks that cover the disk.</summary>
    internal long BlockCount => (Capacity + BlockSize - 1) / BlockSize;

    /// <summary>Bytes of the block allocation table, whole sectors.</summary>
    internal long TableLength => RoundUp(BlockCount * VhdBlocks.EntrySize, SectorSize);

    /// <summary>Bytes of a sector bitmap.</summary>
    internal int BitmapSize => (int)VhdBlocks.BitmapSizeOf(BlockSize);

    /// <summary>Bytes of a slot.</summary>
    internal long SlotSize => LeadSize + BlockSize;

    private long PayloadOffset => RoundUp(TableOffset + TableLength, Alignment);

    /// <summary>Checks the sizes of a plan and lays the file out. The default block is 2 MiB.</summary>
    /// <exception cref="ArgumentException">The format does not allow the sizes.</exception>
    internal static DynamicVhdLayout Create(DiskImagePlan plan)
    {
        VhdCapacity.Require(plan);
        var blockSize = plan.BlockSize == 0 ? DefaultBlockSize : plan.BlockSize;
        if (!IsAllowed(blockSize))
        {
            throw new ArgumentException($"A VHD block is a power of 2 from 512 KiB to 256 MiB (Windows itself uses 512 KiB and 2 MiB), not {blockSize} bytes.", nameof(plan));
        }

        var bitmapSize = VhdBlocks.BitmapSizeOf(blockSize);
        var aligned = new DynamicVhdLayout(plan.Capacity, blockSize, plan.DiskId, RoundUp(bitmapSize, Alignment));
        return aligned.EndOf(aligned.BlockCount) / SectorSize <= SectorNumbers ? aligned : aligned with { LeadSize = bitmapSize };
    }

    /// <summary>Whether Ferry writes blocks of a size.</summary>
    internal static bool IsAllowed(long blockSize) => blockSize is >= MinimumBlockSize and <= MaximumBlockSize && System.Numerics.BitOperations.IsPow2(blockSize);

    /// <summary>Where the bitmap of a slot stands.</summary>
    internal long BitmapOffsetOf(long slot) => DataOffsetOf(slot) - BitmapSize;

    /// <summary>Where the data of a slot stands.</summary>
    internal long DataOffsetOf(long slot) => EndOf(slot) + LeadSize;

    /// <summary>Where a number of slots ends and the footer begins.</summary>
    internal long EndOf(long slots) => PayloadOffset + (slots * SlotSize);

    /// <summary>The entry of the block allocation table that names a slot.</summary>
    internal uint EntryOf(long slot) => slot < 0 ? VhdBlocks.Unallocated : (uint)(BitmapOffsetOf(slot) / SectorSize);

    /// <summary>The slot that an entry names; -1 when it names none.</summary>
    internal long SlotOf(uint entry)
    {
        var distance = ((long)entry * SectorSize) - BitmapOffsetOf(0);
        return entry != VhdBlocks.Unallocated && distance >= 0 && distance % SlotSize == 0 ? distance / SlotSize : -1;
    }

    /// <summary>The footer.</summary>
    internal VhdFooter Footer() => VhdFooter.Create(VhdDiskType.Dynamic, Capacity, DiskId);

    /// <summary>The dynamic disk header.</summary>
    internal DynamicDiskHeader Header() => DynamicDiskHeader.Create(TableOffset, BlockCount, BlockSize);

    private static long RoundUp(long value, long multiple) => (value + multiple - 1) / multiple * multiple;
}
