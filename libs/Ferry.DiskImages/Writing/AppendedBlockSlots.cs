namespace Ferry.DiskImages.Writing;

/// <summary>Slots given out in the order in which blocks turn out to hold data; for a conversion in one process.</summary>
internal sealed class AppendedBlockSlots(long blockCount) : IBlockSlots
{
    private const int PageSize = 16384;

    private readonly int[]?[] _pages = new int[]?[((blockCount - 1) / PageSize) + 1];
    private int _count;

    /// <inheritdoc/>
    public long Count => _count;

    /// <inheritdoc/>
    public long SlotOf(long block) => (_pages[block / PageSize]?[block % PageSize] ?? 0) - 1;

    /// <summary>Gives the next slot to a block that has none. Not for concurrent use.</summary>
    internal void Assign(long block)
    {
        var page = _pages[block / PageSize] ??= new int[PageSize];
        page[block % PageSize] = ++_count;
    }
}
