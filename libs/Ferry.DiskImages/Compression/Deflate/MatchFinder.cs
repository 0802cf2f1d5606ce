using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Ferry.DiskImages.Compression.Deflate;

/// <summary>
/// Finds bytes that were there before, within a window of 4 KiB: places of the same four bytes hang together in chains, the latest first. The places of an earlier
/// run are told by their numbers, so that nothing needs to be cleared.
/// </summary>
internal sealed unsafe class MatchFinder
{
    /// <summary>Farthest match: QCOW2 is made for decoders with a window of 4 KiB.</summary>
    internal const int Window = 4096;

    /// <summary>Bytes that must follow a place for it to be found.</summary>
    internal const int Least = 4;

    private const int HashBits = 14;
    private const int ShortBits = 12;

    /// <summary>A match of three bytes that is farther costs more than it saves.</summary>
    private const int ShortWindow = 2048;

    private const int Shortest = 3;
    private const int Mask = Window - 1;

    private readonly int[] _heads = new int[1 << HashBits];
    private readonly int[] _shortHeads = new int[1 << ShortBits];
    private readonly int[] _previous = new int[Window];
    private int _base;

    /// <summary>Begins with other data.</summary>
    /// <param name="length">Its length.</param>
    /// <returns>The number of its first place: all that is less belongs to other data.</returns>
    internal int Begin(int length)
    {
        if (_base > int.MaxValue / 2)
        {
            Array.Clear(_heads);
            Array.Clear(_shortHeads);
            _base = 0;
        }

        var first = _base + Window;
        _base = first + length;
        return first;
    }

    /// <summary>Enters a place.</summary>
    /// <param name="data">The data.</param>
    /// <param name="at">The place; four bytes must follow.</param>
    /// <param name="first">What <see cref="Begin"/> gave.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Enter(byte* data, int at, int first)
    {
        var start = Read(data + at);
        ref var head = ref _heads[Hash(start)];
        _previous[(first + at) & Mask] = head;
        head = first + at;
        _shortHeads[ShortHash(start)] = first + at;
    }

    /// <summary>Enters a place and looks for the longest match that is longer than another.</summary>
    /// <param name="data">The data.</param>
    /// <param name="at">The place.</param>
    /// <param name="length">Bytes from there on that a match may have, at least four.</param>
    /// <param name="first">What <see cref="Begin"/> gave.</param>
    /// <param name="best">Length of the other, at least 3; less where there is none: then one of three bytes will do as well.</param>
    /// <param name="depth">Places to try.</param>
    /// <param name="enough">A match of this length ends the search.</param>
    /// <param name="distance">How far back it is; 0: there is none.</param>
    /// <returns>Its length; of no meaning where <paramref name="distance"/> is 0.</returns>
    internal int Find(byte* data, int at, int length, int first, int best, int depth, int enough, out int distance)
    {
        distance = 0;
        var here = data + at;
        var start = Read(here);
        var number = first + at;
        ref var head = ref _heads[Hash(start)];
        var candidate = head;
        _previous[number & Mask] = candidate;
        head = number;
        ref var shortHead = ref _shortHeads[ShortHash(start)];
        var near = shortHead;
        shortHead = number;
        if (best >= length)
        {
            return best;
        }

        if (best < Shortest)
        {
            if (near >= first && near > number - ShortWindow && ((Read(data + (near - first)) ^ start) & 0xffffff) == 0)
            {
                distance = number - near;
            }

            best = Shortest;
        }

        var least = Math.Max(first, number - Window + 1);
        for (; candidate >= least && depth > 0; depth--, candidate = _previous[candidate & Mask])
        {
            var there = data + (candidate - first);
            if (there[best] != here[best] || Read(there) != start)
            {
                continue;
            }

            var same = Extend(here, there, length);
            if (same > best)
            {
                best = same;
                distance = number - candidate;
                if (best >= enough || best == length)
                {
                    break;
                }
            }
        }

        return best;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Extend(byte* here, byte* there, int length)
    {
        var same = Least;
        for (; same <= length - sizeof(ulong); same += sizeof(ulong))
        {
            var difference = Unsafe.ReadUnaligned<ulong>(here + same) ^ Unsafe.ReadUnaligned<ulong>(there + same);
            if (difference != 0)
            {
                return same + (BitConverter.IsLittleEndian ? BitOperations.TrailingZeroCount(difference) : BitOperations.LeadingZeroCount(difference)) / 8;
            }
        }

        while (same < length && here[same] == there[same])
        {
            same++;
        }

        return same;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Read(byte* at)
    {
        var value = Unsafe.ReadUnaligned<uint>(at);
        return BitConverter.IsLittleEndian ? value : BinaryPrimitives.ReverseEndianness(value);
    }

    private static int ShortHash(uint value) => (int)(((value << 8) * 2654435761u) >> (32 - ShortBits));

    private static int Hash(uint value) => (int)((value * 2654435761u) >> (32 - HashBits));
}
