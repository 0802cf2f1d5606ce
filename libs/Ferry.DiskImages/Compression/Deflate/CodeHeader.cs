namespace Ferry.DiskImages.Compression.Deflate;

/// <summary>What stands before a block with codes of its own: the code lengths, as runs that have a code themselves (RFC 1951, 3.2.7).</summary>
internal sealed class CodeHeader
{
    private const int Symbols = 19;
    private const int MaximumBits = 7;
    private const int LeastStored = 4;
    private const int CountBits = 5 + 5 + 4;
    private const int RepeatBefore = 16;
    private const int RepeatZero = 17;
    private const int RepeatManyZeros = 18;
    private const int FirstLength = 257;

    private readonly int[] _frequencies = new int[Symbols];
    private readonly byte[] _lengths = new byte[Symbols];
    private readonly ushort[] _codes = new ushort[Symbols];
    private readonly List<(byte Symbol, byte Extra)> _runs = [];
    private int _stored;

    /// <summary>The order in which the lengths of the code for runs stand.</summary>
    private static ReadOnlySpan<byte> Order => [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

    private static ReadOnlySpan<byte> ExtraBits => [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 3, 7];

    /// <summary>Turns the code lengths into runs, and finds a code for those.</summary>
    /// <returns>Bits of all that stands before the literals and matches.</returns>
    internal long Plan(ReadOnlySpan<byte> lengths)
    {
        _runs.Clear();
        Array.Clear(_frequencies);
        for (var i = 0; i < lengths.Length;)
        {
            var value = lengths[i];
            var same = 1;
            while (i + same < lengths.Length && lengths[i + same] == value)
            {
                same++;
            }

            i += same;
            AddRuns(value, same);
        }

        CodeLengths.Compute(_frequencies, MaximumBits, _lengths);
        _stored = Symbols;
        while (_stored > LeastStored && _lengths[Order[_stored - 1]] == 0)
        {
            _stored--;
        }

        var bits = CountBits + (3L * _stored);
        for (var symbol = 0; symbol < Symbols; symbol++)
        {
            bits += (long)_frequencies[symbol] * (_lengths[symbol] + ExtraBits[symbol]);
        }

        return bits;
    }

    /// <summary>Writes what was planned last.</summary>
    internal void Write(ref DeflateBits bits, int literals, int distances)
    {
        CodeLengths.Assign(_lengths, _codes);
        bits.Add((uint)(literals - FirstLength) | ((uint)(distances - 1) << 5) | ((uint)(_stored - LeastStored) << 10), CountBits);
        for (var i = 0; i < _stored; i++)
        {
            bits.Add(_lengths[Order[i]], 3);
        }

        foreach (var (symbol, extra) in _runs)
        {
            bits.Add(_codes[symbol] | ((uint)extra << _lengths[symbol]), _lengths[symbol] + ExtraBits[symbol]);
        }
    }

    private void AddRuns(byte value, int count)
    {
        if (value == 0)
        {
            for (; count >= 11; count -= Math.Min(count, 138))
            {
                AddRun(RepeatManyZeros, Math.Min(count, 138) - 11);
            }

            if (count >= 3)
            {
                AddRun(RepeatZero, count - 3);
                count = 0;
            }
        }
        else if (count >= 4)
        {
            AddRun(value, 0);
            for (count--; count >= 3; count -= Math.Min(count, 6))
            {
                AddRun(RepeatBefore, Math.Min(count, 6) - 3);
            }
        }

        for (; count > 0; count--)
        {
            AddRun(value, 0);
        }
    }

    private void AddRun(byte symbol, int extra)
    {
        _runs.Add((symbol, (byte)extra));
        _frequencies[symbol]++;
    }
}
