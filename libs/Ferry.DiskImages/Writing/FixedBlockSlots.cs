namespace Ferry.DiskImages.Writing;

/// <summary>Every block has its place, in the order of the disk.</summary>
internal sealed class FixedBlockSlots(long blockCount) : IBlockSlots
{
    /// <inheritdoc/>
    public long Count => blockCount;

    /// <inheritdoc/>
    public long SlotOf(long block) => block < blockCount ? block : -1;
}
