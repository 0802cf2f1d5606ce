namespace Ferry.DiskImages.Vhdx;

/// <summary>
/// Arithmetic of the block allocation table (MS-VHDX 2.5): after every <see cref="ChunkRatio"/> payload entries stands one sector bitmap entry.
/// </summary>
/// <param name="Capacity">Size of the disk in bytes.</param>
/// <param name="BlockSize">Bytes per block.</param>
/// <param name="LogicalSectorSize">Bytes per logical sector.</param>
internal readonly record struct VhdxGeometry(long Capacity, long BlockSize, int LogicalSectorSize)
{
    /// <summary>Alignment of all regions and blocks.</summary>
    internal const long Alignment = 1 << 20;

    private const long SectorsPerBitmapBlock = 1 << 23;

    /// <summary>Payload blocks per sector bitmap block.</summary>
    internal long ChunkRatio => SectorsPerBitmapBlock * LogicalSectorSize / BlockSize;

    /// <summary>Payload blocks that cover the disk.</summary>
    internal long BlockCount => (Capacity + BlockSize - 1) / BlockSize;

    /// <summary>Entries of the table of a disk without a parent: no bitmap entry behind the last payload entry.</summary>
    internal long EntryCount => BlockCount + ((BlockCount - 1) / ChunkRatio);

    /// <summary>Index of a payload block's entry.</summary>
    internal long EntryOf(long block) => block + (block / ChunkRatio);
}
