using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Ferry.DiskImages.Compression.Zstd;

/// <summary>
/// A bit stream that is read from its end to its start (RFC 8878 section 4.1): the highest set bit of the last byte marks the end and is no part of the data.
/// Reading past the start gives zeros or garbage, never anything outside of the data: the caller asks <see cref="IsOverrun"/> or <see cref="RequireUsedUp"/> at last.
/// The data must stay where it is meanwhile.
/// </summary>
internal unsafe ref struct BackwardBits
{
    /// <summary>Bits that may be read after each <see cref="Refill"/>.</summary>
    internal const int Guaranteed = 57;

    private const int WindowBits = 64;

    // Four fields, so that the compiler keeps them in registers.
    private readonly byte* _start;
    private byte* _at;
    private ulong _window;
    private int _used;

    /// <summary>Starts at the end of the data.</summary>
    /// <exception cref="InvalidDataException">There is no end mark.</exception>
    internal BackwardBits(byte* start, int length)
    {
        if (length == 0 || start[length - 1] == 0)
        {
            throw new InvalidDataException("A zstd bit stream has no end mark.");
        }

        _start = start;
        _at = start;
        _used = BitOperations.LeadingZeroCount((uint)start[length - 1]) - 24 + 1;
        if (length >= sizeof(ulong))
        {
            _at = start + length - sizeof(ulong);
            _window = Read(_at);
            return;
        }

        for (var i = 0; i < length; i++)
        {
            _window |= (ulong)start[i] << (i * 8);
        }

        _used += (sizeof(ulong) - length) * 8;
    }

    /// <summary>Goes on in a stream of at least eight bytes.</summary>
    /// <param name="start">Its first byte.</param>
    /// <param name="at">Where the eight bytes begin that are being read.</param>
    /// <param name="used">Bits of those that have been read.</param>
    internal BackwardBits(byte* start, byte* at, int used)
    {
        _start = start;
        _at = at;
        _used = used;
        _window = Read(at);
    }

    /// <summary>Whether more bits were read than there are.</summary>
    internal readonly bool IsOverrun => _used > WindowBits;

    /// <summary>Bits that have been read of the current eight bytes.</summary>
    internal readonly int Used => _used;

    /// <summary>The current eight bytes.</summary>
    internal readonly byte* At => _at;

    /// <summary>Eight bytes, the first one lowest.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static ulong Read(byte* at)
    {
        var value = Unsafe.ReadUnaligned<ulong>(at);
        return BitConverter.IsLittleEndian ? value : BinaryPrimitives.ReverseEndianness(value);
    }

    /// <summary>Requires that all bits have been read and none more.</summary>
    /// <exception cref="InvalidDataException">There are more or fewer.</exception>
    internal void RequireUsedUp()
    {
        Refill();
        if (_at != _start || _used != WindowBits)
        {
            throw new InvalidDataException("A zstd bit stream is longer or shorter than its content.");
        }
    }

    /// <summary>Makes <see cref="Guaranteed"/> bits available, or all that are left.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Refill()
    {
        var bytes = _used >> 3;
        if (_at - _start >= bytes)
        {
            _at -= bytes;
            _used &= 7;
            _window = bytes > 0 ? Read(_at) : _window;
        }
        else if (_at != _start)
        {
            bytes = (int)(_at - _start);
            _at = _start;
            _used -= bytes * 8;
            _window = Read(_at);
        }
    }

    /// <summary>The next bits, at most 57, the first one highest; behind the start of the data zeros.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal readonly uint Peek(int count) => (uint)((_window << _used) >> 1 >> (WindowBits - 1 - count));

    /// <summary>Goes over bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Skip(int count) => _used += count;

    /// <summary>Reads bits, 0 to 32.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal uint Read(int count)
    {
        var value = Peek(count);
        _used += count;
        return value;
    }
}
