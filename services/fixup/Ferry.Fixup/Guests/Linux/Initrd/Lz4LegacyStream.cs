using System.Buffers.Binary;

namespace Ferry.Fixup.Guests.Linux.Initrd;

/// <summary>Decodes the kernel's LZ4 legacy framing: the magic, then blocks of (u32 compressed size, data), each at most 8 MiB unpacked, to the end of the file.</summary>
internal sealed class Lz4LegacyStream(ReadOnlyMemory<byte> input) : BlockStream
{
    public const uint Magic = 0x184C2102;
    private const int BlockSize = 8 * 1024 * 1024;
    private const int MinimumMatch = 4;
    private readonly byte[] _block = new byte[BlockSize];
    private int _position = sizeof(uint);

    /// <inheritdoc/>
    protected override ReadOnlyMemory<byte>? NextBlock()
    {
        var span = input.Span;
        uint size;
        do
        {
            if (span.Length - _position < sizeof(uint))
            {
                return null;
            }

            size = BinaryPrimitives.ReadUInt32LittleEndian(span[_position..]);
            _position += sizeof(uint);
        }
        while (size == Magic);

        if (size == 0)
        {
            return null;
        }

        if (size > span.Length - _position)
        {
            throw Corrupt();
        }

        var filled = Decode(span.Slice(_position, (int)size));
        _position += (int)size;
        return _block.AsMemory(0, filled);
    }

    private static InitrdException Corrupt() => new("The LZ4 data is damaged.");

    private static int ExtendLength(int length, ReadOnlySpan<byte> source, ref int at)
    {
        const int Continues = 15;
        if (length != Continues)
        {
            return length;
        }

        byte more;
        do
        {
            more = at < source.Length ? source[at++] : throw Corrupt();
            length += more;
        }
        while (more == byte.MaxValue && length <= BlockSize);
        return length;
    }

    private int Decode(ReadOnlySpan<byte> source)
    {
        var at = 0;
        var to = 0;
        while (at < source.Length)
        {
            var token = source[at++];
            var literals = ExtendLength(token >> 4, source, ref at);
            if (literals > source.Length - at || literals > BlockSize - to)
            {
                throw Corrupt();
            }

            source.Slice(at, literals).CopyTo(_block.AsSpan(to));
            at += literals;
            to += literals;
            if (at == source.Length)
            {
                break;
            }

            var distance = at + 1 < source.Length ? source[at] | (source[at + 1] << 8) : 0;
            at += 2;
            if (distance == 0 || distance > to)
            {
                throw Corrupt();
            }

            var match = ExtendLength(token & 0xF, source, ref at) + MinimumMatch;
            if (match > BlockSize - to)
            {
                throw Corrupt();
            }

            for (var end = to + match; to < end; to++)
            {
                _block[to] = _block[to - distance];
            }
        }

        return to;
    }
}
