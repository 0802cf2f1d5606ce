using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Ferry.DiskImages.Compression.Deflate;

/// <summary>The symbols of a block: literals and matches.</summary>
internal unsafe ref partial struct DeflateDecoder
{
    /// <summary>Bytes of output that the fast loop may touch in one round: two literals, the longest match and what a copy in whole words goes beyond it.</summary>
    private const int OutputSlack = 2 + 258 + 32;

    /// <summary>Bytes of input that the three refills of one round may touch.</summary>
    private const int InputSlack = 24;

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
}
