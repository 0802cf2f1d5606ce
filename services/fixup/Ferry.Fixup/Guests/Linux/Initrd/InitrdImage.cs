using System.IO.Compression;

namespace Ferry.Fixup.Guests.Linux.Initrd;

/// <summary>
/// The file of an initial RAM disk: leading plain archives (microcode), one compressed main stream or plain archive, and plain archives that were appended to it.
/// </summary>
public sealed class InitrdImage
{
    /// <summary>Most bytes that one may unpack to.</summary>
    public const long MaximumUnpacked = 1L << 30;

    /// <summary>Biggest file.</summary>
    public const int MaximumFile = 512 * 1024 * 1024;

    private const int MaximumCandidates = 4096;

    private InitrdImage(ReadOnlyMemory<byte> bytes, IReadOnlyList<InitrdSegment> segments)
    {
        Bytes = bytes;
        Segments = segments;
    }

    /// <summary>The file.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>Its parts, in order.</summary>
    public IReadOnlyList<InitrdSegment> Segments { get; }

    /// <summary>Compression of the main stream, or none.</summary>
    public InitrdCompression Compression => Segments.Select(s => s.Compression).FirstOrDefault(c => c != InitrdCompression.None);

    /// <summary>Finds the parts of a file.</summary>
    /// <exception cref="InitrdException">It is no initial RAM disk that is understood.</exception>
    public static InitrdImage Parse(ReadOnlyMemory<byte> bytes)
    {
        var segments = new List<InitrdSegment>();
        var offset = SkipZeros(bytes.Span, 0);
        while (offset < bytes.Length)
        {
            var rest = bytes.Span[offset..];
            if (CpioHeader.HasMagic(rest))
            {
                var length = ArchiveLength(rest) ?? throw new InitrdException($"The archive at byte {offset} is damaged.");
                segments.Add(new InitrdSegment(InitrdCompression.None, offset, length));
                offset = SkipZeros(bytes.Span, offset + length);
                continue;
            }

            var compression = Detect(rest) ?? throw new InitrdException($"The data at byte {offset} is neither an archive nor compressed in a known way.");
            var appended = FindAppended(bytes.Span, offset);
            segments.Add(new InitrdSegment(compression, offset, appended - offset));
            offset = appended;
        }

        return segments.Count > 0 ? new InitrdImage(bytes, segments) : throw new InitrdException("The file is empty.");
    }

    /// <summary>Opens a segment's archive data. The caller disposes it.</summary>
    /// <exception cref="InitrdException">Its compression cannot be read.</exception>
    public Stream Open(InitrdSegment segment) =>
        new BoundedReadStream(InitrdDecompressor.Open(segment.Compression, Bytes.Slice(segment.Offset, segment.Length)), MaximumUnpacked);

    /// <summary>The file with an archive appended, so that the kernel unpacks it after everything else.</summary>
    public byte[] Append(ReadOnlySpan<byte> archive)
    {
        if (Compression == InitrdCompression.Lz4)
        {
            return Merge(archive);
        }

        var start = (Bytes.Length + CpioHeader.Alignment - 1) & -CpioHeader.Alignment;
        var result = new byte[start + archive.Length];
        Bytes.Span.CopyTo(result);
        archive.CopyTo(result.AsSpan(start));
        return result;
    }

    private static int SkipZeros(ReadOnlySpan<byte> bytes, int offset)
    {
        var next = bytes[Math.Min(offset, bytes.Length)..].IndexOfAnyExcept((byte)0);
        return next < 0 ? bytes.Length : offset + next;
    }

    private static InitrdCompression? Detect(ReadOnlySpan<byte> bytes) => bytes switch
    {
        [0x1F, 0x8B, ..] => InitrdCompression.Gzip,
        [(byte)'B', (byte)'Z', (byte)'h', ..] => InitrdCompression.Bzip2,
        [0xFD, (byte)'7', (byte)'z', (byte)'X', (byte)'Z', 0, ..] => InitrdCompression.Xz,
        [0x5D, 0, 0, ..] => InitrdCompression.Lzma,
        [0x89, (byte)'L', (byte)'Z', (byte)'O', ..] => InitrdCompression.Lzo,
        [0x02, 0x21, 0x4C, 0x18, ..] => InitrdCompression.Lz4,
        [0x28, 0xB5, 0x2F, 0xFD, ..] => InitrdCompression.Zstd,
        _ => null,
    };

    /// <summary>Bytes of a plain archive with its trailer, or null when it is damaged.</summary>
    private static int? ArchiveLength(ReadOnlySpan<byte> bytes)
    {
        var position = 0L;
        for (var entries = 0; entries <= CpioReader.MaximumEntries; entries++)
        {
            if (position > bytes.Length || !CpioHeader.TryRead(bytes[(int)position..], out var header))
            {
                return null;
            }

            var nameAt = position + CpioHeader.Size;
            var contentAt = Align(nameAt + header.NameSize);
            position = Align(contentAt + header.FileSize);
            if (contentAt > bytes.Length)
            {
                return null;
            }

            if (bytes.Slice((int)nameAt, (int)header.NameSize - 1).SequenceEqual("TRAILER!!!"u8))
            {
                return (int)Math.Min(position, bytes.Length);
            }
        }

        return null;
    }

    private static long Align(long position) => (position + CpioHeader.Alignment - 1) & -CpioHeader.Alignment;

    /// <summary>
    /// Where appended plain archives begin, or the end. A compressed stream does not say where it ends without unpacking it; but appended archives are a chain of entries that
    /// reaches exactly the end of the file, which compressed bytes do not form by chance.
    /// </summary>
    private static int FindAppended(ReadOnlySpan<byte> bytes, int from)
    {
        var candidates = 0;
        for (var at = from; at < bytes.Length;)
        {
            var found = bytes[at..].IndexOf("07070"u8);
            if (found < 0)
            {
                break;
            }

            at += found;
            if (at % CpioHeader.Alignment == 0 && CpioHeader.HasMagic(bytes[at..]))
            {
                if (++candidates > MaximumCandidates)
                {
                    throw new InitrdException("The compressed data holds too many things that look like archives.");
                }

                if (ReachesEnd(bytes[at..]))
                {
                    return at;
                }
            }

            at++;
        }

        return bytes.Length;
    }

    private static bool ReachesEnd(ReadOnlySpan<byte> bytes)
    {
        while (CpioHeader.HasMagic(bytes) && ArchiveLength(bytes) is { } length)
        {
            bytes = bytes[SkipZeros(bytes, length)..];
            if (bytes.IsEmpty)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>LZ4 cannot be followed by anything: the main stream is unpacked, our archive put behind it, and both compressed as gzip, which every kernel reads.</summary>
    private byte[] Merge(ReadOnlySpan<byte> archive)
    {
        var main = Segments.First(s => s.Compression != InitrdCompression.None);
        using var result = new MemoryStream();
        result.Write(Bytes.Span[..main.Offset]);
        using (var gzip = new GZipStream(result, CompressionLevel.Fastest, leaveOpen: true))
        {
            using var unpacked = Open(main);
            var buffer = new byte[1 << 16];
            long total = 0;
            for (int read; (read = unpacked.Read(buffer)) > 0; total += read)
            {
                gzip.Write(buffer.AsSpan(0, read));
            }

            gzip.Write(stackalloc byte[(int)(-total & (CpioHeader.Alignment - 1))]);
            gzip.Write(archive);
        }

        return result.ToArray();
    }
}
