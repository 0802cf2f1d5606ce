using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;

namespace Ferry.Fixup.Rehearsal.Screens;

/// <summary>Writes a picture as PNG (RFC 2083): 8 bits a colour, no interlacing, no text.</summary>
internal static class PngFile
{
    /// <summary>Longest file in bytes; a picture that does not fit is made smaller.</summary>
    public const int MostBytes = 512 << 10;

    private static readonly byte[] Signature = [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    /// <summary>The file.</summary>
    public static byte[] Write(ScreenPicture picture)
    {
        var file = Encode(picture);
        return file.Length <= MostBytes || picture is { Width: 1, Height: 1 } ? file : Write(picture.Halved());
    }

    private static byte[] Encode(ScreenPicture picture)
    {
        using var file = new MemoryStream();
        file.Write(Signature);
        Span<byte> header = stackalloc byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, picture.Width);
        BinaryPrimitives.WriteInt32BigEndian(header[4..], picture.Height);
        header[8] = 8;
        header[9] = 2;
        header[10..].Clear();
        Chunk(file, "IHDR"u8, header);
        Chunk(file, "IDAT"u8, Compress(picture));
        Chunk(file, "IEND"u8, default);
        return file.ToArray();
    }

    private static ReadOnlySpan<byte> Compress(ScreenPicture picture)
    {
        using var data = new MemoryStream();
        using (var zlib = new ZLibStream(data, CompressionLevel.Optimal, leaveOpen: true))
        {
            var line = picture.Width * 3;
            for (var y = 0; y < picture.Height; y++)
            {
                // No filter: screens are made of large areas of one colour.
                zlib.WriteByte(0);
                zlib.Write(picture.Pixels.Slice(y * line, line));
            }
        }

        return data.ToArray();
    }

    private static void Chunk(Stream file, ReadOnlySpan<byte> type, ReadOnlySpan<byte> data)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        file.Write(number);
        file.Write(type);
        file.Write(data);
        var sum = new Crc32();
        sum.Append(type);
        sum.Append(data);
        BinaryPrimitives.WriteUInt32BigEndian(number, sum.GetCurrentHashAsUInt32());
        file.Write(number);
    }
}
