using System.Numerics;

namespace Ferry.DiskImages.Compression.Zstd;

/// <summary>A Huffman decoding table for literals (RFC 8878 section 4.2.1): the next bits, as many as the longest code has, give the symbol and its length.</summary>
internal sealed unsafe class HuffmanTable
{
    /// <summary>Longest code.</summary>
    internal const int MaximumBits = 11;

    private const int MaximumSymbols = 256;
    private const int WeightsLog = 6;
    private const int DirectFrom = 128;

    private readonly ushort[] _entries = new ushort[1 << MaximumBits];
    private readonly FseTable _weightsTable = new(WeightsLog);

    /// <summary>Length of the longest code.</summary>
    internal int Bits { get; private set; }

    /// <summary>Length of the code in the low byte, symbol in the high byte.</summary>
    internal ReadOnlySpan<ushort> Entries => _entries.AsSpan(0, 1 << Bits);

    /// <summary>Reads a tree description.</summary>
    /// <returns>Bytes of the description.</returns>
    /// <exception cref="InvalidDataException">It is damaged.</exception>
    internal int Read(ReadOnlySpan<byte> data)
    {
        Require(!data.IsEmpty);
        Span<byte> weights = stackalloc byte[MaximumSymbols];
        weights.Clear();
        int header = data[0];
        int count, size;
        if (header >= DirectFrom)
        {
            count = header - (DirectFrom - 1);
            size = 1 + ((count + 1) / 2);
            Require(size <= data.Length);
            for (var i = 0; i < count; i++)
            {
                weights[i] = (byte)((i & 1) == 0 ? data[1 + (i / 2)] >> 4 : data[1 + (i / 2)] & 15);
            }
        }
        else
        {
            size = 1 + header;
            Require(size <= data.Length);
            count = ReadCompressedWeights(data[1..size], weights[..^1]);
        }

        Build(weights, count);
        return size;
    }

    private static void Require(bool holds)
    {
        if (!holds)
        {
            throw new InvalidDataException("A zstd Huffman tree is damaged.");
        }
    }

    /// <summary>Weights as FSE symbols of two states that take turns, until the bits are used up.</summary>
    private int ReadCompressedWeights(ReadOnlySpan<byte> data, Span<byte> weights)
    {
        Span<short> shares = stackalloc short[MaximumSymbols];
        var size = FseDistribution.Read(data, shares, WeightsLog, out var log, out var symbols);
        _weightsTable.Build(shares[..symbols], log, [], []);
        var cells = _weightsTable.Cells;
        fixed (byte* start = data)
        {
            return ReadWeights(cells, log, new BackwardBits(start + size, data.Length - size), weights);
        }
    }

    private static int ReadWeights(ReadOnlySpan<FseCell> cells, int log, BackwardBits bits, Span<byte> weights)
    {
        var state = bits.Read(log);
        var other = bits.Read(log);
        Require(!bits.IsOverrun);
        var count = 0;
        while (true)
        {
            Require(count + 1 < weights.Length);
            var cell = cells[(int)state];
            weights[count++] = (byte)Math.Min(cell.Value, byte.MaxValue);
            bits.Refill();
            state = cell.NextState + bits.Read(cell.StateBits);
            if (bits.IsOverrun)
            {
                weights[count++] = (byte)Math.Min(cells[(int)other].Value, byte.MaxValue);
                return count;
            }

            (state, other) = (other, state);
        }
    }

    /// <summary>Finds the weight of the last symbol, which is not stored, and fills the table in the order of weights.</summary>
    private void Build(Span<byte> weights, int count)
    {
        var sum = 0;
        Span<int> next = stackalloc int[MaximumBits + 2];
        next.Clear();
        foreach (var weight in weights[..count])
        {
            Require(weight <= MaximumBits);
            sum += (1 << weight) >> 1;
            next[weight + 1] += (1 << weight) >> 1;
        }

        Require(sum > 0);
        var bits = BitOperations.Log2((uint)sum) + 1;
        var rest = (1 << bits) - sum;
        Require(bits <= MaximumBits && BitOperations.IsPow2(rest));
        var last = BitOperations.Log2((uint)rest) + 1;
        Require(last <= MaximumBits);
        weights[count++] = (byte)last;
        next[last + 1] += rest;

        // Symbols of weight 1 stand first. There must be some, or no code had the full length.
        Require(next[2] >= 2);
        Bits = bits;
        for (var weight = 1; weight < next.Length; weight++)
        {
            next[weight] += next[weight - 1];
        }

        for (var symbol = 0; symbol < count; symbol++)
        {
            int weight = weights[symbol];
            if (weight > 0)
            {
                var width = 1 << (weight - 1);
                _entries.AsSpan(next[weight], width).Fill((ushort)((symbol << 8) | (bits + 1 - weight)));
                next[weight] += width;
            }
        }
    }
}
