using System.Numerics;

namespace Ferry.DiskImages.Compression.Deflate;

/// <summary>One block: its literals and matches, and how they are written (RFC 1951, 3.2.4 to 3.2.7).</summary>
internal sealed class DeflateBlock
{
    /// <summary>Literals and matches that fit.</summary>
    internal const int Capacity = 32 * 1024;

    private const int MaximumStored = 65535;

    /// <summary>Bits that tell whether a block is the last, and its kind.</summary>
    private const int KindBits = 3;

    /// <summary>Bits of a stored block besides its bytes: its kind, up to 7 to the next byte, twice its length.</summary>
    private const long StoredBits = KindBits + 7 + 32;
    private const int EndOfBlock = 256;
    private const int FirstLength = 257;
    private const int Literals = 286;
    private const int Distances = 30;

    /// <summary>For each length less 3 its symbol less 257.</summary>
    private static readonly byte[] s_lengthSymbols = CreateLengthSymbols();

    private readonly uint[] _tokens = new uint[Capacity];
    private readonly int[] _literalFrequencies = new int[Literals];
    private readonly int[] _distanceFrequencies = new int[Distances];
    private readonly byte[] _lengths = new byte[Literals + Distances];
    private readonly CodeHeader _header = new();
    private readonly ushort[] _codes = new ushort[CodeLengths.MaximumSymbols];
    private readonly ushort[] _distanceCodes = new ushort[32];
    private int _count;

    /// <summary>Whether three more literals or matches fit.</summary>
    internal bool HasRoom => _count < Capacity - 3;

    /// <summary>Begins an empty block.</summary>
    internal void Clear()
    {
        _count = 0;
        Array.Clear(_literalFrequencies);
        Array.Clear(_distanceFrequencies);
        _literalFrequencies[EndOfBlock] = 1;
    }

    /// <summary>Adds a byte.</summary>
    internal void AddLiteral(byte value)
    {
        _tokens[_count++] = value;
        _literalFrequencies[value]++;
    }

    /// <summary>Adds a match.</summary>
    internal void AddMatch(int length, int distance)
    {
        _tokens[_count++] = ((uint)distance << 16) | (uint)length;
        _literalFrequencies[FirstLength + s_lengthSymbols[length - 3]]++;
        _distanceFrequencies[DistanceSymbol(distance)]++;
    }

    /// <summary>Writes the block in the way that takes least.</summary>
    /// <param name="bits">Where to.</param>
    /// <param name="content">The bytes that it stands for.</param>
    /// <param name="isLast">Whether the stream ends with it.</param>
    /// <param name="limit">The stream may not become longer than this many bytes.</param>
    /// <returns>False where it would.</returns>
    internal bool TryWrite(ref DeflateBits bits, ReadOnlySpan<byte> content, bool isLast, int limit)
    {
        var lengths = _lengths.AsSpan();
        CodeLengths.Compute(_literalFrequencies, CodeLengths.MaximumBits, lengths[..Literals]);
        CodeLengths.Compute(_distanceFrequencies, CodeLengths.MaximumBits, lengths.Slice(Literals, Distances));
        var literals = LastUsed(lengths[..Literals], FirstLength);
        var distances = LastUsed(lengths.Slice(Literals, Distances), 1);
        lengths.Slice(Literals, distances).CopyTo(lengths[literals..]);
        var own = KindBits + _header.Plan(lengths[..(literals + distances)]) + Cost(lengths[..literals], lengths.Slice(literals, distances));
        var fixedCost = KindBits + Cost(DeflateSymbols.FixedLengths, DeflateSymbols.FixedDistanceLengths);
        var stored = ((content.Length + MaximumStored - 1) / MaximumStored * StoredBits) + (content.Length * 8L);
        if (bits.BitPosition + Math.Min(Math.Min(own, fixedCost), stored) + 7 > limit * 8L)
        {
            return false;
        }

        if (stored <= Math.Min(own, fixedCost))
        {
            WriteStored(ref bits, content, isLast);
        }
        else if (fixedCost <= own)
        {
            bits.Add(isLast ? 3u : 2u, 3);
            WriteTokens(ref bits, DeflateSymbols.FixedLengths, DeflateSymbols.FixedDistanceLengths);
        }
        else
        {
            bits.Add(isLast ? 5u : 4u, 3);
            _header.Write(ref bits, literals, distances);
            WriteTokens(ref bits, lengths[..literals], lengths.Slice(literals, distances));
        }

        return true;
    }

    private static void WriteStored(ref DeflateBits bits, ReadOnlySpan<byte> content, bool isLast)
    {
        do
        {
            var part = content[..Math.Min(content.Length, MaximumStored)];
            content = content[part.Length..];
            bits.Add(isLast && content.IsEmpty ? 1u : 0, 3);
            bits.Align();
            bits.Add((uint)part.Length | ((uint)~part.Length << 16), 32);
            bits.Add(part);
        }
        while (!content.IsEmpty);
    }

    private static int LastUsed(ReadOnlySpan<byte> lengths, int least) => Math.Max(least, lengths.LastIndexOfAnyExcept((byte)0) + 1);

    private static int DistanceSymbol(int distance)
    {
        var value = (uint)distance - 1;
        if (value < 4)
        {
            return (int)value;
        }

        var log = BitOperations.Log2(value);
        return (2 * log) + (int)((value >> (log - 1)) & 1);
    }

    private static byte[] CreateLengthSymbols()
    {
        var symbols = new byte[256];
        for (var i = 0; i < DeflateSymbols.FirstLengths.Length; i++)
        {
            symbols.AsSpan(DeflateSymbols.FirstLengths[i] - 3).Fill((byte)i);
        }

        return symbols;
    }

    private static int DistanceExtraBits(int symbol) => symbol < 4 ? 0 : (symbol / 2) - 1;

    private long Cost(ReadOnlySpan<byte> lengths, ReadOnlySpan<byte> distanceLengths)
    {
        long bits = 0;
        for (var symbol = 0; symbol < Math.Min(lengths.Length, Literals); symbol++)
        {
            bits += (long)_literalFrequencies[symbol] * (lengths[symbol] + (symbol < FirstLength ? 0 : DeflateSymbols.LengthExtraBits[symbol - FirstLength]));
        }

        for (var symbol = 0; symbol < Math.Min(distanceLengths.Length, Distances); symbol++)
        {
            bits += (long)_distanceFrequencies[symbol] * (distanceLengths[symbol] + DistanceExtraBits(symbol));
        }

        return bits;
    }

    private void WriteTokens(ref DeflateBits target, ReadOnlySpan<byte> lengths, ReadOnlySpan<byte> distanceLengths)
    {
        CodeLengths.Assign(lengths, _codes);
        CodeLengths.Assign(distanceLengths, _distanceCodes);
        var bits = target;
        foreach (var token in _tokens.AsSpan(0, _count))
        {
            var distance = (int)(token >> 16);
            var value = (int)(token & 0xffff);
            if (distance == 0)
            {
                bits.Add(_codes[value], lengths[value]);
                continue;
            }

            // At most 15 + 5 + 15 + 13 bits.
            var symbol = s_lengthSymbols[value - 3];
            var extra = (uint)(value - DeflateSymbols.FirstLengths[symbol]);
            var count = (int)lengths[FirstLength + symbol];
            var code = (ulong)_codes[FirstLength + symbol] | ((ulong)extra << count);
            count += DeflateSymbols.LengthExtraBits[symbol];

            var distanceSymbol = DistanceSymbol(distance);
            code |= (ulong)_distanceCodes[distanceSymbol] << count;
            count += distanceLengths[distanceSymbol];
            var distanceExtra = DistanceExtraBits(distanceSymbol);
            code |= (((ulong)distance - 1) & ((1UL << distanceExtra) - 1)) << count;
            bits.Add(code, count + distanceExtra);
        }

        bits.Add(_codes[EndOfBlock], lengths[EndOfBlock]);
        target = bits;
    }
}
