using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace Ferry.DiskImages.Compression.Deflate;

/// <summary>
/// Decoder of a whole DEFLATE stream (RFC 1951) that is in memory, into memory that is known to hold all of it: neither a window nor a state between calls is
/// needed, and the tables stand on the stack, so that a grain or cluster costs no allocation.
/// </summary>
internal unsafe ref partial struct DeflateDecoder
{
    private const int RootBits = 11;
    private const int DistanceRootBits = 8;
    private const ulong RootMask = (1 << RootBits) - 1;
    private const ulong DistanceRootMask = (1 << DistanceRootBits) - 1;

    /// <summary>Entries of the largest table of 288 codes of up to 15 bits with a root of 11 (2,342), rounded up; larger ones are refused when they are built.</summary>
    private const int TableSize = 2400;

    /// <summary>The same of 32 codes with a root of 8 (402).</summary>
    private const int DistanceTableSize = 420;

    private const int PrecodeRootBits = 7;
    private const int PrecodeSymbols = 19;

    private readonly byte* _inputEnd;
    private readonly byte* _output;
    private readonly byte* _outputEnd;
    private byte* _in;
    private byte* _out;
    private ulong _bits;
    private int _bitCount;

    private DeflateDecoder(byte* input, int inputLength, byte* output, int outputLength)
    {
        _in = input;
        _inputEnd = input + inputLength;
        _output = output;
        _out = output;
        _outputEnd = output + outputLength;
    }

    /// <summary>Order in which the code lengths of the code length alphabet stand (RFC 1951, 3.2.7).</summary>
    private static ReadOnlySpan<byte> PrecodeOrder => [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

    /// <summary>Decodes a stream.</summary>
    /// <param name="input">The stream; what stands behind its end is ignored.</param>
    /// <param name="output">Where the bytes go.</param>
    /// <param name="consumed">Bytes of the stream.</param>
    /// <param name="written">Bytes of output.</param>
    /// <returns>False when the stream is damaged or cut off, or gives more than <paramref name="output"/> holds.</returns>
    internal static bool TryDecode(ReadOnlySpan<byte> input, Span<byte> output, out int consumed, out int written)
    {
        fixed (byte* source = input)
        fixed (byte* target = output)
        {
            var decoder = new DeflateDecoder(source, input.Length, target, output.Length);
            var done = decoder.DecodeBlocks();
            consumed = (int)(decoder._in - source) - (decoder._bitCount / 8);
            written = (int)(decoder._out - target);
            return done && consumed <= input.Length;
        }
    }

    [SkipLocalsInit]
    private bool DecodeBlocks()
    {
        var literals = stackalloc uint[TableSize];
        var distances = stackalloc uint[DistanceTableSize];
        while (true)
        {
            if (!TryTake(1, out var last) || !TryTake(2, out var kind))
            {
                return false;
            }

            var done = kind switch
            {
                0 => CopyStored(),
                1 => BuildFixed(literals, distances) && DecodeSymbols(literals, distances),
                2 => ReadTables(literals, distances) && DecodeSymbols(literals, distances),
                _ => false,
            };
            if (!done || last == 1)
            {
                return done;
            }
        }
    }

    private static bool BuildFixed(uint* literals, uint* distances) =>
        HuffmanTable.TryBuild(DeflateSymbols.FixedLengths, DeflateSymbols.LiteralsAndLengths, RootBits, new Span<uint>(literals, TableSize))
        && HuffmanTable.TryBuild(DeflateSymbols.FixedDistanceLengths, DeflateSymbols.DistanceEntries, DistanceRootBits, new Span<uint>(distances, DistanceTableSize));

    /// <summary>A block without compression (RFC 1951, 3.2.4).</summary>
    private bool CopyStored()
    {
        // The rest of the byte is not used; whole bytes that were taken ahead go back.
        _in -= _bitCount / 8;
        _bits = 0;
        _bitCount = 0;
        if (_inputEnd - _in < 4)
        {
            return false;
        }

        var length = BinaryPrimitives.ReadUInt16LittleEndian(new ReadOnlySpan<byte>(_in, 2));
        var complement = BinaryPrimitives.ReadUInt16LittleEndian(new ReadOnlySpan<byte>(_in + 2, 2));
        _in += 4;
        if (length != (ushort)~complement || _inputEnd - _in < length || _outputEnd - _out < length)
        {
            return false;
        }

        Buffer.MemoryCopy(_in, _out, _outputEnd - _out, length);
        _in += length;
        _out += length;
        return true;
    }

    /// <summary>The code lengths of a block with codes of its own (RFC 1951, 3.2.7).</summary>
    [SkipLocalsInit]
    private bool ReadTables(uint* literals, uint* distances)
    {
        if (!TryTake(5, out var literalCount) || !TryTake(5, out var distanceCount) || !TryTake(4, out var precodeCount))
        {
            return false;
        }

        literalCount += 257;
        distanceCount += 1;
        if (literalCount > 286 || distanceCount > 30)
        {
            return false;
        }

        Span<byte> precode = stackalloc byte[PrecodeSymbols];
        precode.Clear();
        for (var i = 0; i < precodeCount + 4; i++)
        {
            if (!TryTake(3, out var length))
            {
                return false;
            }

            precode[PrecodeOrder[i]] = (byte)length;
        }

        Span<uint> symbols = stackalloc uint[PrecodeSymbols];
        for (var i = 0; i < PrecodeSymbols; i++)
        {
            symbols[i] = (uint)i << 16;
        }

        Span<uint> table = stackalloc uint[1 << PrecodeRootBits];
        Span<byte> lengths = stackalloc byte[286 + 30];
        if (!HuffmanTable.TryBuild(precode, symbols, PrecodeRootBits, table, allowSingle: false) || !ReadLengths(table, lengths[..(literalCount + distanceCount)]))
        {
            return false;
        }

        // Without a code for the end of the block it has no end.
        return lengths[256] != 0
            && HuffmanTable.TryBuild(lengths[..literalCount], DeflateSymbols.LiteralsAndLengths, RootBits, new Span<uint>(literals, TableSize))
            && HuffmanTable.TryBuild(
                lengths.Slice(literalCount, distanceCount), DeflateSymbols.DistanceEntries, DistanceRootBits, new Span<uint>(distances, DistanceTableSize));
    }

    private bool ReadLengths(scoped ReadOnlySpan<uint> table, scoped Span<byte> lengths)
    {
        for (var i = 0; i < lengths.Length;)
        {
            Refill();
            var entry = table[(int)(_bits & ((1 << PrecodeRootBits) - 1))];
            if ((entry & HuffmanTable.Exceptional) != 0 || !TryDrop((byte)entry))
            {
                return false;
            }

            var symbol = (int)(entry >> 16);
            if (symbol < 16)
            {
                lengths[i++] = (byte)symbol;
                continue;
            }

            var (bits, least) = symbol switch { 16 => (2, 3), 17 => (3, 3), _ => (7, 11) };
            if (!TryTake(bits, out var more) || more + least > lengths.Length - i || (symbol == 16 && i == 0))
            {
                return false;
            }

            lengths.Slice(i, more + least).Fill(symbol == 16 ? lengths[i - 1] : (byte)0);
            i += more + least;
        }

        return true;
    }

    /// <summary>Leaves the fast loop: only whole bits that were counted stay in the buffer.</summary>
    private void Keep(byte* input, byte* output, ulong bits, int count)
    {
        _in = input;
        _out = output;
        _bits = bits & ((1UL << count) - 1);
        _bitCount = count;
    }

    /// <summary>Fills the bit buffer with up to 63 bits, as far as there is input.</summary>
    private void Refill()
    {
        while (_bitCount < 56 && _in < _inputEnd)
        {
            _bits |= (ulong)*_in++ << _bitCount;
            _bitCount += 8;
        }
    }

    private bool TryTake(int count, out int value)
    {
        Refill();
        value = (int)(_bits & ((1UL << count) - 1));
        return TryDrop(count);
    }

    private bool TryDrop(int count)
    {
        if (count > _bitCount)
        {
            return false;
        }

        _bits >>= count;
        _bitCount -= count;
        return true;
    }
}
