using System.Numerics;

namespace Ferry.DiskImages.Compression.Zstd;

/// <summary>An FSE decoding table (RFC 8878 section 4.1.1, "From normalized distribution to decoding tables").</summary>
internal sealed class FseTable
{
    /// <summary>Largest accuracy of any table of the format.</summary>
    internal const int MaximumLog = 9;

    /// <summary>Most symbols of any distribution.</summary>
    internal const int MaximumSymbols = 256;

    private readonly FseCell[] _cells;

    /// <summary>Takes the memory for tables of up to an accuracy.</summary>
    internal FseTable(int maximumLog) => _cells = new FseCell[1 << maximumLog];

    /// <summary>Builds a table that stays as it is.</summary>
    internal FseTable(ReadOnlySpan<short> distribution, int log, SequenceCodes codes)
        : this(log) => Build(distribution, log, codes.Baselines, codes.ExtraBits);

    /// <summary>log2 of the number of states: the bits of the first state.</summary>
    internal int Log { get; private set; }

    /// <summary>The states.</summary>
    internal ReadOnlySpan<FseCell> Cells => _cells.AsSpan(0, 1 << Log);

    /// <summary>The table of a symbol that is the only one.</summary>
    internal void BuildSingle(uint value, byte extraBits)
    {
        Log = 0;
        _cells[0] = new FseCell(value, 0, 0, extraBits);
    }

    /// <summary>Builds the table from a distribution as <see cref="FseDistribution"/> reads it.</summary>
    /// <param name="distribution">Share of each symbol of the 1 &lt;&lt; <paramref name="log"/> states; -1 stands for "less than one".</param>
    /// <param name="log">Accuracy.</param>
    /// <param name="baselines">What each symbol stands for; empty: itself.</param>
    /// <param name="extraBits">Extra bits of each symbol; empty: none.</param>
    internal void Build(ReadOnlySpan<short> distribution, int log, ReadOnlySpan<uint> baselines, ReadOnlySpan<byte> extraBits)
    {
        Log = log;
        var size = 1 << log;
        Span<byte> symbols = stackalloc byte[1 << MaximumLog];
        Spread(distribution, symbols[..size]);

        // The states of a symbol share the table among them: the first ones, which have one bit more, count double.
        Span<ushort> next = stackalloc ushort[MaximumSymbols];
        for (var symbol = 0; symbol < distribution.Length; symbol++)
        {
            next[symbol] = (ushort)Math.Abs(distribution[symbol]);
        }

        for (var state = 0; state < size; state++)
        {
            var symbol = symbols[state];
            int share = next[symbol]++;
            var bits = log - BitOperations.Log2((uint)share);
            _cells[state] = new FseCell(
                baselines.IsEmpty ? symbol : baselines[symbol], (ushort)((share << bits) - size), (byte)bits, extraBits.IsEmpty ? (byte)0 : extraBits[symbol]);
        }
    }

    /// <summary>Gives each state its symbol: those of less than one from the end, the others spread over the rest.</summary>
    private static void Spread(ReadOnlySpan<short> distribution, Span<byte> symbols)
    {
        var size = symbols.Length;
        var end = size;
        for (var symbol = 0; symbol < distribution.Length; symbol++)
        {
            if (distribution[symbol] < 0)
            {
                symbols[--end] = (byte)symbol;
            }
        }

        var step = (size >> 1) + (size >> 3) + 3;
        var position = 0;
        for (var symbol = 0; symbol < distribution.Length; symbol++)
        {
            for (var i = 0; i < distribution[symbol]; i++)
            {
                symbols[position] = (byte)symbol;
                do
                {
                    position = (position + step) & (size - 1);
                }
                while (position >= end);
            }
        }
    }
}
