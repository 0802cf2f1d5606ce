namespace Ferry.DiskImages.Writing;

/// <summary>The n-th block that an allocated range of the plan touches has slot n.</summary>
internal sealed class PlannedBlockSlots : IBlockSlots
{
    private readonly List<long> _firstBlocks = [];
    private readonly List<long> _endBlocks = [];
    private readonly List<long> _firstSlots = [];

    /// <summary>Computes the slots.</summary>
    internal PlannedBlockSlots(PlanRanges ranges, long blockSize)
    {
        foreach (var range in ranges.Ranges)
        {
            var first = range.Offset / blockSize;
            var end = ((range.End - 1) / blockSize) + 1;
            if (_endBlocks.Count > 0 && first <= _endBlocks[^1])
            {
                Count += end - _endBlocks[^1];
                _endBlocks[^1] = end;
                continue;
            }

            _firstBlocks.Add(first);
            _endBlocks.Add(end);
            _firstSlots.Add(Count);
            Count += end - first;
        }
    }

    /// <inheritdoc/>
    public long Count { get; }

    /// <inheritdoc/>
    public long SlotOf(long block)
    {
        var index = _firstBlocks.BinarySearch(block);
        index = index >= 0 ? index : ~index - 1;
        return index >= 0 && block < _endBlocks[index] ? _firstSlots[index] + block - _firstBlocks[index] : -1;
    }

    /// <inheritdoc/>
    public long NextFrom(long block)
    {
        var index = _firstBlocks.BinarySearch(block);
        index = index >= 0 ? index : ~index;
        return index > 0 && block < _endBlocks[index - 1] ? block : index < _firstBlocks.Count ? _firstBlocks[index] : long.MaxValue;
    }
}
