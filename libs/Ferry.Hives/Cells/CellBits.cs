using System.Numerics;

namespace Ferry.Hives.Cells;

/// <summary>Bits that can grow and be searched backwards.</summary>
internal sealed class CellBits(int count)
{
    private const int Width = 64;
    private ulong[] _words = new ulong[(count + Width - 1) / Width];

    public bool this[int index]
    {
        get => (_words[index / Width] >> (index % Width) & 1) != 0;
        set
        {
            var bit = 1UL << (index % Width);
            _words[index / Width] = value ? _words[index / Width] | bit : _words[index / Width] & ~bit;
        }
    }

    public void Grow(int to)
    {
        var words = (to + Width - 1) / Width;
        if (words > _words.Length)
        {
            Array.Resize(ref _words, Math.Max(words, _words.Length * 5 / 4));
        }
    }

    /// <summary>The last bit that is set before an index; there must be one.</summary>
    public int PreviousOf(int index)
    {
        var word = index / Width;
        var bits = _words[word] & ((1UL << (index % Width)) - 1);
        while (bits == 0)
        {
            bits = _words[--word];
        }

        return (word * Width) + Width - 1 - BitOperations.LeadingZeroCount(bits);
    }
}
