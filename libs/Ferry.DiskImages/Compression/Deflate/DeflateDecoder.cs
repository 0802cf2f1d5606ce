using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Ferry.DiskImages.Compression.Deflate;

/// <summary>
/// Decoder of a whole DEFLATE stream (RFC 1951) that is in memory, into memory that is known to hold all of it: neither a window nor a state between calls is
/// needed, and the tables stand on the stack, so that a grain or cluster costs no allocation.
/// </summary>
internal unsafe ref struct DeflateDecoder
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

    /// <summary>Bytes of output that the fast loop may touch in one round: two literals, the longest match and what a copy in whole words goes beyond it.</summary>
    private const int OutputSlack = 2 + 258 + 32;

    /// <summary>Bytes of input that the three refills of one round may touch.</summary>
    private const int InputSlack = 24;

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

    /// <summary>
    /// Decodes to the end of a block. The bit buffer holds at least 56 bits after each refill: enough for three literals of the root table, or for two and
    /// a length of any kind, with the 8 or 11 bits that the next look-up needs left over. The next entry is looked up before a match is copied.
    /// Of <c>count</c> only the lowest byte counts, so that whole entries can be subtracted from it.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool DecodeSymbols(uint* literals, uint* distances)
    {
        var input = _in;
        var output = _out;
        var begin = _output;
        var bits = _bits;
        var count = (ulong)_bitCount;
        var inputLimit = _inputEnd - _in >= InputSlack ? _inputEnd - InputSlack : null;
        var outputLimit = _outputEnd - _out >= OutputSlack ? _outputEnd - OutputSlack : null;
        if (input <= inputLimit && output <= outputLimit)
        {
            Refill(ref input, ref bits, ref count);
            ulong entry = literals[bits & RootMask];
            do
            {
                var taken = bits;
                bits >>= (int)entry;
                count -= entry;
                if ((int)entry < 0)
                {
                    *output++ = (byte)(entry >> 16);
                    entry = literals[bits & RootMask];
                    taken = bits;
                    bits >>= (int)entry;
                    count -= entry;
                    if ((int)entry < 0)
                    {
                        *output++ = (byte)(entry >> 16);
                        entry = literals[bits & RootMask];
                        taken = bits;
                        bits >>= (int)entry;
                        count -= entry;
                        if ((int)entry < 0)
                        {
                            *output++ = (byte)(entry >> 16);
                            entry = literals[bits & RootMask];
                            Refill(ref input, ref bits, ref count);
                            continue;
                        }
                    }
                }

                if ((entry & HuffmanTable.Exceptional) != 0)
                {
                    if ((entry & HuffmanTable.Subtable) == HuffmanTable.Subtable)
                    {
                        // A root entry that leads to a second table takes no bits itself.
                        entry = literals[(entry >> 16) + Lowest(bits >> RootBits, (entry >> 8) & 0xf)];
                        taken = bits;
                        bits >>= (int)entry;
                        count -= entry;
                    }

                    if ((int)entry < 0)
                    {
                        *output++ = (byte)(entry >> 16);
                        entry = literals[bits & RootMask];
                        Refill(ref input, ref bits, ref count);
                        continue;
                    }

                    if ((entry & HuffmanTable.Exceptional) != 0)
                    {
                        Keep(input, output, bits, (byte)count);
                        return (entry & HuffmanTable.EndOfBlock) == HuffmanTable.EndOfBlock;
                    }
                }

                var length = (entry >> 16) + (Lowest(taken, entry & 0xff) >> (int)(entry >> 8));
                entry = distances[bits & DistanceRootMask];
                Refill(ref input, ref bits, ref count);
                if ((entry & HuffmanTable.Subtable) == HuffmanTable.Subtable)
                {
                    entry = distances[(entry >> 16) + Lowest(bits >> DistanceRootBits, (entry >> 8) & 0xf)];
                }

                var distance = (entry >> 16) + (Lowest(bits, entry & 0xff) >> (int)(entry >> 8));
                if (distance > (ulong)(output - begin) || (entry & HuffmanTable.Exceptional) != 0)
                {
                    return false;
                }

                bits >>= (int)entry;
                count -= entry;
                entry = literals[bits & RootMask];
                Refill(ref input, ref bits, ref count);
                CopyMatch(output, (uint)distance, (uint)length);
                output += length;
            }
            while (input <= inputLimit && output <= outputLimit);
        }

        Keep(input, output, bits, (byte)count);
        return DecodeSlowly(literals, distances);
    }

    /// <summary>The same near the ends of input and output, where every step is checked.</summary>
    private bool DecodeSlowly(uint* literals, uint* distances)
    {
        while (true)
        {
            if (!TryDecodeEntry(literals, RootBits, out var entry, out var length))
            {
                return false;
            }

            if ((int)entry < 0)
            {
                if (_out == _outputEnd)
                {
                    return false;
                }

                *_out++ = (byte)(entry >> 16);
                continue;
            }

            if ((entry & HuffmanTable.Exceptional) != 0)
            {
                return (entry & HuffmanTable.EndOfBlock) == HuffmanTable.EndOfBlock;
            }

            if (!TryDecodeEntry(distances, DistanceRootBits, out entry, out var distance)
                || (entry & HuffmanTable.Exceptional) != 0
                || distance > _out - _output
                || length > _outputEnd - _out)
            {
                return false;
            }

            for (; length > 0; length--, _out++)
            {
                *_out = *(_out - distance);
            }
        }
    }

    private bool TryDecodeEntry(uint* table, int rootBits, out uint entry, out uint value)
    {
        Refill();
        entry = table[Lowest(_bits, (ulong)rootBits)];
        if ((entry & HuffmanTable.Subtable) == HuffmanTable.Subtable)
        {
            entry = table[(entry >> 16) + Lowest(_bits >> rootBits, (entry >> 8) & 0xf)];
        }

        value = ((entry >> 16) & 0x7fff) + (uint)(Lowest(_bits, (byte)entry) >> (int)((entry >> 8) & 0xf));
        return TryDrop((byte)entry);
    }

    /// <summary>Copies a match; up to 32 bytes behind it are overwritten. The source may overlap the target, which then repeats.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void CopyMatch(byte* target, uint distance, uint length)
    {
        var source = target - distance;
        var end = target + length;
        if (distance >= 16)
        {
            do
            {
                Unsafe.WriteUnaligned(target, Unsafe.ReadUnaligned<Vector128<byte>>(source));
                target += 16;
                source += 16;
            }
            while (target < end);
        }
        else if (distance >= 8)
        {
            do
            {
                Unsafe.WriteUnaligned(target, Unsafe.ReadUnaligned<ulong>(source));
                target += 8;
                source += 8;
            }
            while (target < end);
        }
        else if (distance == 1)
        {
            var value = Vector128.Create(*source);
            do
            {
                Unsafe.WriteUnaligned(target, value);
                target += 16;
            }
            while (target < end);
        }
        else
        {
            // Words that advance by the distance: each writes at least that many bytes right.
            do
            {
                Unsafe.WriteUnaligned(target, Unsafe.ReadUnaligned<ulong>(source));
                target += distance;
                source += distance;
            }
            while (target < end);
        }
    }

    /// <summary>Fills the bit buffer from 8 bytes that are there; bits above <paramref name="count"/> may be set already, to what the input has there.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Refill(ref byte* input, ref ulong bits, ref ulong count)
    {
        var word = Unsafe.ReadUnaligned<ulong>(input);
        bits |= (BitConverter.IsLittleEndian ? word : BinaryPrimitives.ReverseEndianness(word)) << (int)count;
        input += 7;
        input -= (count >> 3) & 7;
        count |= 56;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Lowest(ulong bits, ulong number) =>
        Bmi2.X64.IsSupported ? Bmi2.X64.ZeroHighBits(bits, number) : bits & ((1UL << (int)number) - 1);

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
