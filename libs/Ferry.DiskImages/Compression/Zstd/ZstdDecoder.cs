using System.Buffers.Binary;

namespace Ferry.DiskImages.Compression.Zstd;

/// <summary>
/// Decodes zstd (RFC 8878) into memory of a known size. It knows all that a frame may hold but dictionaries. The data is not trusted: what is wrong with it ends
/// in an <see cref="InvalidDataException"/>. It takes no memory but the workspace of the thread.
/// </summary>
internal static class ZstdDecoder
{
    private const uint SkippableMagic = 0x184D2A50;
    private const uint SkippableMask = 0xFFFFFFF0;
    private const int SkippableHeaderSize = 8;
    private const int ChecksumSize = 4;

    /// <summary>Decodes one frame after the other until the target is full, which must be at the end of one. What follows it is not looked at.</summary>
    /// <returns>Bytes of the data that were used.</returns>
    /// <exception cref="InvalidDataException">The data is damaged, or its content smaller or larger than the target.</exception>
    internal static int Decode(ReadOnlySpan<byte> data, Span<byte> target)
    {
        var length = data.Length;
        do
        {
            if (data.Length < SkippableHeaderSize)
            {
                throw new InvalidDataException("The zstd data ends too early.");
            }

            var magic = BinaryPrimitives.ReadUInt32LittleEndian(data);
            if ((magic & SkippableMask) == SkippableMagic)
            {
                var size = BinaryPrimitives.ReadUInt32LittleEndian(data[4..]);
                data = size <= data.Length - SkippableHeaderSize
                    ? data[(SkippableHeaderSize + (int)size)..]
                    : throw new InvalidDataException("The zstd data ends within a skippable frame.");
                continue;
            }

            if (magic != ZstdFrameHeader.Magic)
            {
                throw new InvalidDataException("This is no zstd frame.");
            }

            target = target[DecodeFrame(ref data, target)..];
        }
        while (!target.IsEmpty);
        return length - data.Length;
    }

    /// <returns>Bytes of the frame's content.</returns>
    private static int DecodeFrame(ref ReadOnlySpan<byte> data, Span<byte> target)
    {
        var header = ZstdFrameHeader.Read(data);
        data = data[header.Size..];
        if (header.ContentSize > (ulong)target.Length)
        {
            throw TooLarge();
        }

        var workspace = ZstdWorkspace.Current;
        workspace.Reset();
        var position = 0;
        for (var last = false; !last;)
        {
            var block = ZstdBlockHeader.Read(data);
            data = data[ZstdBlockHeader.Size..];
            var stored = block.Kind == ZstdBlockKind.Repeated ? 1 : block.Length;
            if (stored > data.Length)
            {
                throw new InvalidDataException("The zstd data ends within a block.");
            }

            position = DecodeBlock(block, data[..stored], target, position, header.BlockSize, workspace);
            data = data[stored..];
            last = block.IsLast;
        }

        if (header.ContentSize is { } size && size != (ulong)position)
        {
            throw new InvalidDataException("A zstd frame has another size than its header says.");
        }

        if (header.HasChecksum)
        {
            if (data.Length < ChecksumSize || BinaryPrimitives.ReadUInt32LittleEndian(data) != (uint)XxHash64.Compute(target[..position]))
            {
                throw new InvalidDataException("The checksum of a zstd frame is wrong.");
            }

            data = data[ChecksumSize..];
        }

        return position;
    }

    private static int DecodeBlock(ZstdBlockHeader block, ReadOnlySpan<byte> data, Span<byte> target, int position, int blockSize, ZstdWorkspace workspace)
    {
        switch (block.Kind)
        {
            case ZstdBlockKind.Plain or ZstdBlockKind.Repeated when block.Length > target.Length - position:
                throw TooLarge();
            case ZstdBlockKind.Plain:
                data.CopyTo(target[position..]);
                return position + block.Length;
            case ZstdBlockKind.Repeated:
                target.Slice(position, block.Length).Fill(data[0]);
                return position + block.Length;
            case ZstdBlockKind.Compressed:
                return ZstdBlock.Decode(data, target, position, blockSize, workspace);
            default:
                throw new InvalidDataException("A zstd frame has a block of an unknown kind.");
        }
    }

    private static InvalidDataException TooLarge() => new("The zstd data has more content than expected.");
}
