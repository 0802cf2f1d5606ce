using System.Buffers.Binary;

namespace Ferry.Fixup.Guests.Linux.Initrd;

/// <summary>Decodes lzop's file format, as the kernel does (lib/decompress_unlzo.c): a header, then blocks of (u32 unpacked size, u32 packed size, checksums, data) until a size of 0.</summary>
internal sealed class LzopStream : BlockStream
{
    // lzop writes blocks of 256 KiB.
    private const int MaximumBlock = 16 * 1024 * 1024;
    private const int MagicSize = 9;
    private const int FirstVersionWithLevel = 0x0940;
    private const uint HasFilter = 0x800;
    private const uint HasExtraField = 0x40;

    // Adler-32 and CRC-32 of the unpacked data; the same of the packed data stand only where it is packed.
    private static readonly uint[] PlainChecksums = [0x1, 0x100];
    private static readonly uint[] PackedChecksums = [0x2, 0x200];

    private readonly ReadOnlyMemory<byte> _input;
    private readonly int _plainSums;
    private readonly int _packedSums;
    private int _position = MagicSize;
    private byte[] _block = [];

    /// <summary>Reads the header.</summary>
    /// <exception cref="InitrdException">It is damaged, or of a kind that lzop does not write by itself.</exception>
    public LzopStream(ReadOnlyMemory<byte> input)
    {
        _input = input;
        var version = Take(2);
        Skip(2);
        if (version >= FirstVersionWithLevel)
        {
            Skip(2);
        }

        // 1 to 3 are LZO1X, which differ in how hard the compressor tried.
        var method = Take(1);
        Skip(version >= FirstVersionWithLevel ? 1 : 0);
        var flags = Take(4);
        if (method is 0 or > 3 || (flags & (HasFilter | HasExtraField)) != 0)
        {
            throw new InitrdException("The LZO data is of a kind that is not known.");
        }

        Skip(version >= FirstVersionWithLevel ? 12 : 8);
        Skip((int)Take(1));
        Skip(sizeof(uint));
        _plainSums = PlainChecksums.Count(sum => (flags & sum) != 0) * sizeof(uint);
        _packedSums = PackedChecksums.Count(sum => (flags & sum) != 0) * sizeof(uint);
    }

    /// <inheritdoc/>
    protected override ReadOnlyMemory<byte>? NextBlock()
    {
        var size = Take(4);
        if (size == 0)
        {
            return null;
        }

        var packed = Take(4);
        if (size > MaximumBlock || packed > size)
        {
            throw Lzo1X.Corrupt();
        }

        Skip(_plainSums + (packed < size ? _packedSums : 0));
        var data = _input[Skip((int)packed).._position];
        if (packed == size)
        {
            return data;
        }

        _block = _block.Length >= size ? _block : new byte[size];
        Lzo1X.Decode(data.Span, _block.AsSpan(0, (int)size));
        return _block.AsMemory(0, (int)size);
    }

    /// <summary>The next big-endian number.</summary>
    private uint Take(int bytes)
    {
        var at = Skip(bytes);
        var span = _input.Span[at.._position];
        return bytes switch { 1 => span[0], 2 => BinaryPrimitives.ReadUInt16BigEndian(span), _ => BinaryPrimitives.ReadUInt32BigEndian(span) };
    }

    /// <summary>Passes over some bytes and returns where they begin.</summary>
    private int Skip(int bytes)
    {
        var at = _position;
        _position = bytes <= _input.Length - at ? at + bytes : throw Lzo1X.Corrupt();
        return at;
    }
}
