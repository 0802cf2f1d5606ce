using System.Buffers.Binary;
using Ferry.DiskImages.Sources;

namespace Ferry.DiskImages.Metadata;

/// <summary>One page of a file that holds table entries.</summary>
internal sealed class MetadataPage(IByteSource source, long number, byte[] bytes)
{
    /// <summary>Size of a page in bytes.</summary>
    internal const int Size = 64 * 1024;

    /// <summary>The file.</summary>
    internal IByteSource Source { get; } = source;

    /// <summary>Offset in the file divided by <see cref="Size"/>.</summary>
    internal long Number { get; } = number;

    /// <summary>The little-endian entry at a file offset.</summary>
    internal uint UInt32(long offset) => BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan((int)(offset % Size)));

    /// <summary>The little-endian entry at a file offset.</summary>
    internal ulong UInt64(long offset) => BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan((int)(offset % Size)));
}
