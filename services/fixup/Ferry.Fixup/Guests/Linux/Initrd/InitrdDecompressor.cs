using System.IO.Compression;
using SharpCompress.Compressors.BZip2;
using SharpCompress.Compressors.LZMA;
using SharpCompress.Compressors.Xz;
using ZstdSharp;

namespace Ferry.Fixup.Guests.Linux.Initrd;

/// <summary>Opens compressed data of an initial RAM disk, or of a kernel module. What a damaged stream throws is turned into <see cref="InitrdException"/> by the callers' guard.</summary>
internal static class InitrdDecompressor
{
    private const int LzmaHeader = 13;
    private const int LzmaProperties = 5;

    public static Stream Open(InitrdCompression compression, ReadOnlyMemory<byte> bytes) => compression switch
    {
        InitrdCompression.None => Reader(bytes),
        InitrdCompression.Gzip => new GZipStream(Reader(bytes), CompressionMode.Decompress),
        InitrdCompression.Bzip2 => BZip2Stream.Create(Reader(bytes), SharpCompress.Compressors.CompressionMode.Decompress, false, false),
        InitrdCompression.Lzma => OpenLzma(bytes),
        InitrdCompression.Xz => new XZStream(Reader(bytes)),
        InitrdCompression.Lz4 => new Lz4LegacyStream(bytes),
        InitrdCompression.Lzo => new LzopStream(bytes),
        InitrdCompression.Zstd => new DecompressionStream(Reader(ZstdFrames(bytes))),
        _ => throw new InitrdException($"{compression} compression cannot be read."),
    };

    /// <summary>Whether an exception is what a decompressor says about damaged input.</summary>
    public static bool IsDamage(Exception e) =>
        e is IOException or InvalidDataException or ZstdException or SharpCompress.Common.SharpCompressException
            or IndexOutOfRangeException or ArgumentException or OverflowException or InvalidOperationException or NotSupportedException or NullReferenceException;

    private static MemoryStream Reader(ReadOnlyMemory<byte> bytes) =>
        System.Runtime.InteropServices.MemoryMarshal.TryGetArray(bytes, out var array)
            ? new MemoryStream(array.Array!, array.Offset, array.Count, writable: false)
            : new MemoryStream(bytes.ToArray(), writable: false);

    private static LzmaStream OpenLzma(ReadOnlyMemory<byte> bytes)
    {
        if (bytes.Length < LzmaHeader)
        {
            throw new InitrdException("The LZMA header is cut off.");
        }

        var size = BitConverter.ToInt64(bytes.Span[LzmaProperties..LzmaHeader]);
        return LzmaStream.Create(bytes[..LzmaProperties].ToArray(), Reader(bytes[LzmaHeader..]), -1, size);
    }

    /// <summary>The frames without the alignment zeros after them, which the decoder would not take.</summary>
    private static unsafe ReadOnlyMemory<byte> ZstdFrames(ReadOnlyMemory<byte> bytes)
    {
        var end = 0;
        fixed (byte* start = bytes.Span)
        {
            while (bytes.Length - end > sizeof(uint))
            {
                var size = (ulong)ZstdSharp.Unsafe.Methods.ZSTD_findFrameCompressedSize(start + end, (nuint)(bytes.Length - end));
                if (size == 0 || size > (ulong)(bytes.Length - end))
                {
                    break;
                }

                end += (int)size;
            }
        }

        return end == 0 ? bytes : bytes[..end];
    }
}
