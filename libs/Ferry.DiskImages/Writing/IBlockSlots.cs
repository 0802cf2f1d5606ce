namespace Ferry.DiskImages.Writing;

/// <summary>Which block of the disk stands at which position of the file.</summary>
internal interface IBlockSlots
{
    /// <summary>Slots in use; they follow each other from the payload's start.</summary>
    long Count { get; }

    /// <summary>The slot of a block, or -1 when it has none.</summary>
    long SlotOf(long block);

    /// <summary>A block, <paramref name="block"/> or one behind it, before which none from <paramref name="block"/> on has a slot; <see cref="long.MaxValue"/> when none has one any more.</summary>
    long NextFrom(long block) => block;
}
