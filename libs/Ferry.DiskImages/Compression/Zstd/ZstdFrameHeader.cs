using System.Buffers.Binary;

namespace Ferry.DiskImages.Compression.Zstd;

/// <summary>Frame header (RFC 8878 section 3.1.1.1) behind the magic number: a descriptor, then as many fields as it says.</summary>
/// <param name="ContentSize">Bytes of the frame's content, or null where the header does not say.</param>
/// <param name="HasChecksum">Whether a checksum follows the last block.</param>
/// <param name="Size">Bytes of the header, the magic number included.</param>
/// <param name="BlockSize">Most bytes of a compressed block, stored or decompressed (section 3.1.1.2.3): those of the window, at most 128 KiB.</param>
internal readonly record struct ZstdFrameHeader(ulong? ContentSize, bool HasChecksum, int Size, int BlockSize)
{
    /// <summary>The first bytes of a frame.</summary>
    internal const uint Magic = 0xFD2FB528;

    private const int DescriptorOffset = 4;

    /// <summary>A window of 2^31 bytes.</summary>
    private const int MaximumWindowExponent = 21;

    private const int MinimumWindowLog = 10;

    /// <summary>Reads the structure.</summary>
    /// <exception cref="InvalidDataException">It is damaged, or needs a dictionary.</exception>
    internal static ZstdFrameHeader Read(ReadOnlySpan<byte> data)
    {
        Require(data.Length > DescriptorOffset + 1, "ends within its header");
        var descriptor = data[DescriptorOffset];
        Require((descriptor & 8) == 0, "is of a later version");
        var isSingleSegment = (descriptor & 0x20) != 0;
        var dictionarySize = (descriptor & 3) switch { 3 => 4, var size => size };
        var contentSizeSize = (descriptor >> 6) switch { 0 => isSingleSegment ? 1 : 0, 1 => 2, 2 => 4, _ => 8 };

        // The window limits blocks only, as the whole content is in memory; the reference implementation refuses such windows too.
        var window = data[DescriptorOffset + 1];
        Require(isSingleSegment || (window >> 3) <= MaximumWindowExponent, "needs an impossible window");
        var position = DescriptorOffset + 1 + (isSingleSegment ? 0 : 1);
        Require(data.Length >= position + dictionarySize + contentSizeSize, "ends within its header");
        Require(data.Slice(position, dictionarySize).IndexOfAnyExcept((byte)0) < 0, "needs a dictionary");
        position += dictionarySize;
        ulong? contentSize = contentSizeSize switch
        {
            0 => null,
            1 => data[position],
            2 => BinaryPrimitives.ReadUInt16LittleEndian(data[position..]) + 256u,
            4 => BinaryPrimitives.ReadUInt32LittleEndian(data[position..]),
            _ => BinaryPrimitives.ReadUInt64LittleEndian(data[position..]),
        };
        var windowSize = isSingleSegment ? contentSize!.Value : (8UL + (ulong)(window & 7)) << ((window >> 3) + MinimumWindowLog - 3);
        return new ZstdFrameHeader(contentSize, (descriptor & 4) != 0, position + contentSizeSize, (int)Math.Min(windowSize, ZstdBlockHeader.MaximumSize));
    }

    private static void Require(bool holds, string what)
    {
        if (!holds)
        {
            throw new InvalidDataException($"A zstd frame {what}.");
        }
    }
}
