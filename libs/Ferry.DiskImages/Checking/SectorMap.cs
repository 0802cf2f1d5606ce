using System.Numerics;

namespace Ferry.DiskImages.Checking;

/// <summary>One bit for each sector of a window of the files.</summary>
internal sealed class SectorMap(long sectors)
{
    private const int WordBits = 64;

    private readonly ulong[] _words = new ulong[(sectors + WordBits - 1) / WordBits];

    /// <summary>Sectors of the window.</summary>
    internal long Sectors { get; } = sectors;

    /// <summary>Takes sectors that lie in the window.</summary>
    /// <returns>Whether one of them was taken already.</returns>
    internal bool Take(long first, long end)
    {
        var taken = false;
        while (first < end)
        {
            var bit = (int)(first % WordBits);
            var count = (int)Math.Min(WordBits - bit, end - first);
            var mask = (count == WordBits ? ulong.MaxValue : (1UL << count) - 1) << bit;
            ref var word = ref _words[first / WordBits];
            taken |= (word & mask) != 0;
            word |= mask;
            first += count;
        }

        return taken;
    }

    /// <summary>The end of the run of sectors from one on that are all taken, or all free.</summary>
    internal (bool IsTaken, long End) RunFrom(long sector)
    {
        var isTaken = (_words[sector / WordBits] >> (int)(sector % WordBits) & 1) != 0;
        for (var at = sector; at < Sectors;)
        {
            var word = _words[at / WordBits] >> (int)(at % WordBits);
            var rest = WordBits - (int)(at % WordBits);
            var same = BitOperations.TrailingZeroCount(isTaken ? ~word : word);
            if (same < rest)
            {
                return (isTaken, Math.Min(Sectors, at + same));
            }

            at += rest;
        }

        return (isTaken, Sectors);
    }

    /// <summary>Frees all.</summary>
    internal void Clear() => Array.Clear(_words);
}
