using System.Buffers.Binary;
using System.Numerics;

namespace Ferry.DiskImages.FileSystems;

/// <summary>The runs of zero bits of a bitmap whose bits are numbered from the least significant one of the first byte, as ext and NTFS have them.</summary>
/// <param name="bitmap">The bitmap.</param>
/// <param name="bits">Number of bits that count.</param>
internal ref struct FreeRuns(ReadOnlySpan<byte> bitmap, int bits)
{
    private readonly ReadOnlySpan<byte> _bitmap = bitmap;
    private int _next;

    /// <summary>First bit of the run.</summary>
    internal int First { get; private set; }

    /// <summary>Number of bits in the run.</summary>
    internal int Count { get; private set; }

    /// <summary>Goes to the next run.</summary>
    /// <returns>False when there is none.</returns>
    internal bool MoveNext()
    {
        First = Find(_next, false);
        if (First >= bits)
        {
            return false;
        }

        _next = Find(First, true);
        Count = _next - First;
        return true;
    }

    /// <summary>The first bit of that value at or behind a place.</summary>
    private readonly int Find(int from, bool value)
    {
        while (from < bits)
        {
            var word = Word(from >> 6);
            word = (value ? word : ~word) >> (from & 63);
            if (word != 0)
            {
                return Math.Min(bits, from + BitOperations.TrailingZeroCount(word));
            }

            from = (from | 63) + 1;
        }

        return bits;
    }

    private readonly ulong Word(int index)
    {
        var bytes = _bitmap[(index * sizeof(ulong))..];
        if (bytes.Length >= sizeof(ulong))
        {
            return BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        }

        var word = 0UL;
        for (var i = 0; i < bytes.Length; i++)
        {
            word |= (ulong)bytes[i] << (8 * i);
        }

        return word;
    }
}
