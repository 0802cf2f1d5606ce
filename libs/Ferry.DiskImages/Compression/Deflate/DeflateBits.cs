using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace Ferry.DiskImages.Compression.Deflate;

/// <summary>Writes the bits of a DEFLATE stream, lowest first (RFC 1951, 3.1.1).</summary>
internal ref struct DeflateBits
{
    private readonly Span<byte> _target;
    private ulong _bits;
    private int _count;

    /// <summary>Begins at the first byte.</summary>
    /// <param name="target">Where to; <see cref="Slack"/> bytes longer than the stream may become.</param>
    internal DeflateBits(Span<byte> target) => _target = target;

    /// <summary>Bytes behind the stream that may be overwritten.</summary>
    internal static int Slack => sizeof(ulong);

    /// <summary>Whole bytes that have been written.</summary>
    internal int Position { get; private set; }

    /// <summary>Bits that have been written.</summary>
    internal readonly long BitPosition => (Position * 8L) + _count;

    /// <summary>Adds up to 48 bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Add(ulong bits, int count)
    {
        _bits |= bits << _count;
        _count += count;
        BinaryPrimitives.WriteUInt64LittleEndian(_target[Position..], _bits);
        var bytes = _count >> 3;
        Position += bytes;
        _bits >>= bytes * 8;
        _count &= 7;
    }

    /// <summary>Fills the last byte up.</summary>
    internal void Align() => Add(0, (8 - _count) & 7);

    /// <summary>Adds whole bytes, after <see cref="Align"/>.</summary>
    internal void Add(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_target[Position..]);
        Position += bytes.Length;
    }
}
