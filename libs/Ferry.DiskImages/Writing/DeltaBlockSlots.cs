namespace Ferry.DiskImages.Writing;

/// <summary>
/// The slots of the blocks that a delta touches: a block that has one keeps it, the others get slots behind those in use, in the order of the disk.
/// Kept as runs, so that memory depends on how scattered the blocks stand and not on how many there are.
/// </summary>
internal sealed class DeltaBlockSlots : IBlockSlots
{
    private readonly List<long> _firstBlocks = [];
    private readonly List<long> _endBlocks = [];
    private readonly List<long> _firstSlots = [];

    private DeltaBlockSlots(long oldCount)
    {
        OldCount = oldCount;
        Count = oldCount;
    }

    /// <summary>Slots in use before the delta: a block whose slot is not below it is new.</summary>
    internal long OldCount { get; }

    /// <inheritdoc/>
    public long Count { get; private set; }

    /// <summary>Computes the slots.</summary>
    /// <param name="changed">What the delta changes.</param>
    /// <param name="blockSize">Bytes per block.</param>
    /// <param name="oldCount">Slots in use before the delta, as they were when the delta began.</param>
    /// <param name="findSlot">
    /// The slot that the image's tables give a block, or -1; asked once for each touched block, ascending. What is at or behind <paramref name="oldCount"/>
    /// counts as none: an interrupted completion of this very delta wrote it, and it gets the same again.
    /// </param>
    /// <param name="cancellationToken">Stops the reading.</param>
    internal static async ValueTask<DeltaBlockSlots> CreateAsync(
        PlanRanges changed, long blockSize, long oldCount, Func<long, CancellationToken, ValueTask<long>> findSlot, CancellationToken cancellationToken)
    {
        var slots = new DeltaBlockSlots(oldCount);
        long next = 0;
        foreach (var range in changed.Ranges)
        {
            var end = ((range.End - 1) / blockSize) + 1;
            for (var block = Math.Max(next, range.Offset / blockSize); block < end; block++)
            {
                var found = await findSlot(block, cancellationToken).ConfigureAwait(false);
                slots.Add(block, found >= 0 && found < oldCount ? found : slots.Count++);
            }

            next = end;
        }

        return slots;
    }

    /// <inheritdoc/>
    public long SlotOf(long block)
    {
        var index = _firstBlocks.BinarySearch(block);
        index = index >= 0 ? index : ~index - 1;
        return index >= 0 && block < _endBlocks[index] ? _firstSlots[index] + block - _firstBlocks[index] : -1;
    }

    /// <summary>The blocks that are new, with their slots, in the order of the disk (and of the slots).</summary>
    internal IEnumerable<(long Block, long Slot)> Appended()
    {
        for (var i = 0; i < _firstBlocks.Count; i++)
        {
            for (var block = _firstBlocks[i]; _firstSlots[i] >= OldCount && block < _endBlocks[i]; block++)
            {
                yield return (block, _firstSlots[i] + block - _firstBlocks[i]);
            }
        }
    }

    private void Add(long block, long slot)
    {
        var last = _firstBlocks.Count - 1;
        var joins = last >= 0
            && _endBlocks[last] == block
            && _firstSlots[last] + block - _firstBlocks[last] == slot
            && (slot >= OldCount) == (_firstSlots[last] >= OldCount);
        if (joins)
        {
            _endBlocks[last]++;
            return;
        }

        _firstBlocks.Add(block);
        _endBlocks.Add(block + 1);
        _firstSlots.Add(slot);
    }
}
