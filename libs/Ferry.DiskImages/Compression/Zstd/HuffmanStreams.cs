using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Ferry.DiskImages.Compression.Zstd;

/// <summary>Decodes literals from one or four Huffman streams (RFC 8878 sections 3.1.1.3.1.6 and 4.2.2).</summary>
internal static unsafe class HuffmanStreams
{
    private const int JumpTableSize = 6;

    /// <summary>Codes that can be read between two refills.</summary>
    private const int Burst = BackwardBits.Guaranteed / HuffmanTable.MaximumBits;

    /// <summary>Bytes by which a stream goes back at most in a burst.</summary>
    private const int BurstBytes = ((Burst * HuffmanTable.MaximumBits) + 7) / 8;

    /// <summary>One stream that gives exactly as many literals as fit.</summary>
    /// <exception cref="InvalidDataException">The stream has another length.</exception>
    internal static void DecodeOne(HuffmanTable table, ReadOnlySpan<byte> data, Span<byte> literals)
    {
        fixed (byte* start = data)
        fixed (byte* target = literals)
        fixed (ushort* entries = table.Entries)
        {
            Finish(entries, table.Bits, new BackwardBits(start, data.Length), target, literals.Length);
        }
    }

    /// <summary>Four streams of a quarter of the literals each, rounded up; their sizes stand before them.</summary>
    /// <exception cref="InvalidDataException">A stream has another length.</exception>
    internal static void DecodeFour(HuffmanTable table, ReadOnlySpan<byte> data, Span<byte> literals)
    {
        var quarter = (literals.Length + 3) / 4;
        Require(data.Length > JumpTableSize && quarter * 3 <= literals.Length);
        var size1 = BinaryPrimitives.ReadUInt16LittleEndian(data);
        var size2 = BinaryPrimitives.ReadUInt16LittleEndian(data[2..]);
        var size3 = BinaryPrimitives.ReadUInt16LittleEndian(data[4..]);
        data = data[JumpTableSize..];
        Require(size1 + size2 + size3 < data.Length);
        fixed (byte* start = data)
        fixed (byte* target = literals)
        fixed (ushort* entries = table.Entries)
        {
            var start2 = start + size1;
            var start3 = start2 + size2;
            var start4 = start3 + size3;
            var bits1 = new BackwardBits(start, size1);
            var bits2 = new BackwardBits(start2, size2);
            var bits3 = new BackwardBits(start3, size3);
            var bits4 = new BackwardBits(start4, data.Length - size1 - size2 - size3);
            var last = literals.Length - (quarter * 3);
            var done = 0;
            if (Math.Min(Math.Min(size1, size2), Math.Min(size3, (int)(start + data.Length - start4))) >= sizeof(ulong))
            {
                done = Together(entries, table.Bits, start, start2, start3, start4, ref bits1, ref bits2, ref bits3, ref bits4, target, quarter, last);
            }

            Finish(entries, table.Bits, bits1, target + done, quarter - done);
            Finish(entries, table.Bits, bits2, target + quarter + done, quarter - done);
            Finish(entries, table.Bits, bits3, target + (quarter * 2) + done, quarter - done);
            Finish(entries, table.Bits, bits4, target + (quarter * 3) + done, last - done);
        }
    }

    /// <summary>
    /// Decodes all four streams at once as far as none comes near its start. The window of a stream has a bit behind the last one: where it stands tells how many bits
    /// have been used, so that a stream needs no more than two registers.
    /// </summary>
    /// <returns>Literals of each stream.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int Together(
        ushort* entries,
        int width,
        byte* start1,
        byte* start2,
        byte* start3,
        byte* start4,
        ref BackwardBits bits1,
        ref BackwardBits bits2,
        ref BackwardBits bits3,
        ref BackwardBits bits4,
        byte* target,
        int quarter,
        int last)
    {
        var shift = 64 - width;
        var at1 = bits1.At;
        var at2 = bits2.At;
        var at3 = bits3.At;
        var at4 = bits4.At;
        var window1 = (BackwardBits.Read(at1) | 1) << bits1.Used;
        var window2 = (BackwardBits.Read(at2) | 1) << bits2.Used;
        var window3 = (BackwardBits.Read(at3) | 1) << bits3.Used;
        var window4 = (BackwardBits.Read(at4) | 1) << bits4.Used;
        var to = target;
        while (true)
        {
            var room = Math.Min(Math.Min(at1 - start1, at2 - start2), Math.Min(at3 - start3, at4 - start4)) / BurstBytes;
            var bursts = Math.Min(room, (last - (to - target)) / Burst);
            if (bursts == 0)
            {
                break;
            }

            for (var end = to + (bursts * Burst); to < end; to += Burst)
            {
                for (var i = 0; i < Burst; i++)
                {
                    to[i] = Next(entries, ref window1, shift);
                    to[quarter + i] = Next(entries, ref window2, shift);
                    to[(quarter * 2) + i] = Next(entries, ref window3, shift);
                    to[(quarter * 3) + i] = Next(entries, ref window4, shift);
                }

                Reload(ref window1, ref at1);
                Reload(ref window2, ref at2);
                Reload(ref window3, ref at3);
                Reload(ref window4, ref at4);
            }
        }

        bits1 = new BackwardBits(start1, at1, BitOperations.TrailingZeroCount(window1));
        bits2 = new BackwardBits(start2, at2, BitOperations.TrailingZeroCount(window2));
        bits3 = new BackwardBits(start3, at3, BitOperations.TrailingZeroCount(window3));
        bits4 = new BackwardBits(start4, at4, BitOperations.TrailingZeroCount(window4));
        return (int)(to - target);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static byte Next(ushort* entries, ref ulong window, int shift)
    {
        var entry = entries[window >> shift];
        window <<= entry;
        return (byte)(entry >> 8);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Reload(ref ulong window, ref byte* at)
    {
        var used = BitOperations.TrailingZeroCount(window);
        at -= used >> 3;
        window = (BackwardBits.Read(at) | 1) << (used & 7);
    }

    private static void Finish(ushort* entries, int width, BackwardBits bits, byte* target, int count)
    {
        for (var i = 0; i < count; i++)
        {
            if (i % Burst == 0)
            {
                bits.Refill();
            }

            var entry = entries[bits.Peek(width)];
            bits.Skip((byte)entry);
            target[i] = (byte)(entry >> 8);
        }

        bits.RequireUsedUp();
    }

    private static void Require(bool holds)
    {
        if (!holds)
        {
            throw new InvalidDataException("A zstd Huffman stream is damaged.");
        }
    }
}
