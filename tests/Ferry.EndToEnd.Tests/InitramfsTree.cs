using System.Globalization;
using System.Text;

namespace Ferry.EndToEnd.Tests;

/// <summary>
/// Unpacks an initramfs as the kernel does (Documentation/driver-api/early-userspace/buffer-format): archives in a row, plain or compressed, zero bytes between them, and several
/// archives in one compressed stream. Debian's unmkinitramfs knows only archives in front of the compressed one.
/// </summary>
internal static class InitramfsTree
{
    private const int HeaderSize = 110;

    public static async Task UnpackAsync(string initramfs, string tree)
    {
        Directory.CreateDirectory(tree);
        var bytes = await File.ReadAllBytesAsync(initramfs);
        var at = 0;
        while ((at = SkipZeros(bytes, at)) < bytes.Length)
        {
            if (ArchiveEnd(bytes, at) is { } end)
            {
                await UnpackArchiveAsync(bytes.AsMemory(at..end), initramfs, tree);
                at = end;
                continue;
            }

            var next = AppendedArchive(bytes, at);
            var plain = await DecompressAsync(bytes.AsMemory(at..next), initramfs);
            for (var inner = SkipZeros(plain, 0); inner < plain.Length;)
            {
                var innerEnd = ArchiveEnd(plain, inner) ?? throw new InvalidDataException($"No archive at byte {inner} of the unpacked stream.");
                await UnpackArchiveAsync(plain.AsMemory(inner..innerEnd), initramfs, tree);
                inner = SkipZeros(plain, innerEnd);
            }

            at = next;
        }
    }

    // The zero bytes behind a compressed stream are no part of it; some of the programs say so after they have written everything.
    private static async Task<byte[]> DecompressAsync(ReadOnlyMemory<byte> stream, string initramfs)
    {
        var program = stream.Span switch
        {
            [0x1F, 0x8B, ..] => "gzip -dc",
            [0x28, 0xB5, 0x2F, 0xFD, ..] => "zstd -dc",
            [0xFD, (byte)'7', ..] => "xz -dc",
            [0x5D, 0, 0, ..] => "xz --format=lzma -dc",
            [(byte)'B', (byte)'Z', (byte)'h', ..] => "bzip2 -dc",
            [0x89, (byte)'L', (byte)'Z', (byte)'O', ..] => "lzop -dc",
            [0x02, 0x21, 0x4C, 0x18, ..] => "lz4 -dc",
            _ => throw new InvalidDataException("Compressed in no known way."),
        };
        var (packed, plain) = (initramfs + ".packed", initramfs + ".plain");
        await File.WriteAllBytesAsync(packed, stream.ToArray());
        await Commands.ToolAsync("bash", "-c", $"{program} < '{packed}' > '{plain}' 2>/dev/null || true");
        var bytes = await File.ReadAllBytesAsync(plain);
        Assert.True(bytes.Length > 0, $"{program} has unpacked nothing");
        return bytes;
    }

    private static async Task UnpackArchiveAsync(ReadOnlyMemory<byte> archive, string initramfs, string tree)
    {
        var file = initramfs + ".cpio";
        await File.WriteAllBytesAsync(file, archive.ToArray());
        await Commands.ToolAsync("bash", "-c", $"cd '{tree}' && cpio -idmu --quiet --no-absolute-filenames < '{file}'");
    }

    // Where a chain of archives begins that ends exactly with the file; its end when there is none.
    private static int AppendedArchive(byte[] bytes, int from)
    {
        for (var start = (from + 3) & ~3; start + HeaderSize < bytes.Length; start += 4)
        {
            if (!bytes.AsSpan(start).StartsWith("070701"u8))
            {
                continue;
            }

            var end = start;
            while (end < bytes.Length && ArchiveEnd(bytes, end) is { } next)
            {
                end = SkipZeros(bytes, next);
            }

            if (end == bytes.Length)
            {
                return start;
            }
        }

        return bytes.Length;
    }

    // The end of the archive that begins here, or null when none does.
    private static int? ArchiveEnd(byte[] bytes, int at)
    {
        while (at + HeaderSize <= bytes.Length && bytes.AsSpan(at).StartsWith("070701"u8))
        {
            var (size, nameLength) = (Field(bytes, at, 6), Field(bytes, at, 11));
            var name = Encoding.UTF8.GetString(bytes.AsSpan(at + HeaderSize)[..Math.Min(Math.Max(0, nameLength - 1), bytes.Length - at - HeaderSize)]);
            at = Align(Align(at + HeaderSize + nameLength) + size);
            if (name == "TRAILER!!!")
            {
                return Math.Min(at, bytes.Length);
            }
        }

        return null;
    }

    private static int SkipZeros(byte[] bytes, int from)
    {
        var next = bytes.AsSpan(from).IndexOfAnyExcept((byte)0);
        return next < 0 ? bytes.Length : from + next;
    }

    private static int Field(byte[] bytes, int header, int index) =>
        int.TryParse(Encoding.ASCII.GetString(bytes, header + 6 + (8 * index), 8), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var value) && value >= 0
            ? Math.Min(value, 1 << 28)
            : 0;

    private static int Align(int offset) => (offset + 3) & ~3;
}
