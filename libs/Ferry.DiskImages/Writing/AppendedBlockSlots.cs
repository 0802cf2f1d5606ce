using System.Numerics;

namespace Ferry.DiskImages.Writing;

/// <summary>
/// Slots given out to blocks that turn out to hold data, in the order of the disk; for a conversion in one process. As the order is that of the disk, a block's
/// slot is the number of blocks before it that have one: a bit per block and a sum per 64 of them, and only for parts of the disk that hold data.
/// </summary>
/// <param name="blockCount">Blocks of the disk.</param>
/// <param name="require">Called before a slot is given out; throws when the format has no room for it.</param>
internal sealed class AppendedBlockSlots(long blockCount, Action<long>? require = null) : IBlockSlots
{
    private const int WordBits = 64;
    private const int WordsPerPage = 512;
    private const int PageBlocks = WordBits * WordsPerPage;

    private readonly Page?[] _pages = new Page?[((blockCount - 1) / PageBlocks) + 1];
    private long _last = -1;

    /// <inheritdoc/>
    public long Count { get; private set; }

    /// <inheritdoc/>
    public long SlotOf(long block)
    {
        var page = Volatile.Read(ref _pages[block / PageBlocks]);
        if (page is null)
        {
            return -1;
        }

        // Bits are set from low to high: those below the block's own no longer change when it is there.
        var word = (int)(block % PageBlocks / WordBits);
        var bits = Volatile.Read(ref page.Bits[word]);
        var bit = 1UL << (int)(block % WordBits);
        return (bits & bit) == 0 ? -1 : page.Before[word] + BitOperations.PopCount(bits & (bit - 1));
    }

    /// <inheritdoc/>
    public long NextFrom(long block)
    {
        for (var page = block / PageBlocks; page < _pages.Length; page++)
        {
            if (_pages[page] is not null)
            {
                return Math.Max(block, page * PageBlocks);
            }
        }

        return long.MaxValue;
    }

    /// <summary>Gives the next slot to a block that has none and lies behind all that have one. Not for concurrent use; others may look up slots meanwhile.</summary>
    internal void Assign(long block)
    {
        if (block <= _last)
        {
            throw new InvalidOperationException($"Block {block} comes after block {_last}.");
        }

        require?.Invoke(Count);
        ref var place = ref _pages[block / PageBlocks];
        var page = place;
        if (page is null)
        {
            page = new Page();
            Volatile.Write(ref place, page);
        }

        var word = (int)(block % PageBlocks / WordBits);
        if (page.Bits[word] == 0)
        {
            page.Before[word] = Count;
        }

        Volatile.Write(ref page.Bits[word], page.Bits[word] | (1UL << (int)(block % WordBits)));
        _last = block;
        Count++;
    }

    private sealed class Page
    {
        internal readonly ulong[] Bits = new ulong[WordsPerPage];
        internal readonly long[] Before = new long[WordsPerPage];
    }
}
