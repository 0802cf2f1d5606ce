namespace Ferry.DiskImages.Writing;

/// <summary>Which block of the disk stands at which position of the file.</summary>
internal interface IBlockSlots
{
    /// <summary>Slots in use; they follow each other from the payload's start.</summary>
    long Count { get; }

    /// <summary>The slot of a block, or -1 when it has none.</summary>
    long SlotOf(long block);
}
