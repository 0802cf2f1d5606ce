using System.Globalization;
using System.Text;

namespace Ferry.EndToEnd.Tests;

/// <summary>
/// Unpacks an initramfs as the kernel does (Documentation/driver-api/early-userspace/buffer-format): a compressed archive, zero bytes, and an uncompressed archive behind
/// it. Debian's unmkinitramfs knows only archives in front of the compressed one.
/// </summary>
internal static class InitramfsTree
{
    private const int HeaderSize = 110;

    public static async Task UnpackAsync(string initramfs, string tree)
    {
        var bytes = await File.ReadAllBytesAsync(initramfs);
        var appended = AppendedArchive(bytes);
        Assert.True(appended > 0, "nothing is appended to the initramfs");
        Directory.CreateDirectory(tree);
        var (main, extra) = (initramfs + ".main", initramfs + ".extra");
        await File.WriteAllBytesAsync(main, bytes.AsMemory(0, appended));
        await File.WriteAllBytesAsync(extra, bytes.AsMemory(appended));

        // The zero bytes between the two are no part of the compressed stream; zstd says so after it has written everything.
        await Commands.ToolAsync("bash", "-c", $"cd '{tree}' && {{ zstd -dcq '{main}' 2>/dev/null || true; }} | cpio -idm --quiet && cpio -idmu --quiet < '{extra}'");
    }

    // Where a chain of headers begins that ends exactly with the file.
    private static int AppendedArchive(byte[] bytes)
    {
        for (var start = 0; start + HeaderSize < bytes.Length; start += 4)
        {
            if (bytes.AsSpan(start).StartsWith("070701"u8) && EndsWithTheFile(bytes, start))
            {
                return start;
            }
        }

        return -1;
    }

    private static bool EndsWithTheFile(byte[] bytes, int at)
    {
        while (at + HeaderSize <= bytes.Length && bytes.AsSpan(at).StartsWith("070701"u8))
        {
            var (size, nameLength) = (Field(bytes, at, 6), Field(bytes, at, 11));
            var name = Encoding.UTF8.GetString(bytes, at + HeaderSize, Math.Max(0, nameLength - 1));
            at = Align(Align(at + HeaderSize + nameLength) + size);
            if (name == "TRAILER!!!")
            {
                return bytes.AsSpan(Math.Min(at, bytes.Length)).IndexOfAnyExcept((byte)0) < 0;
            }
        }

        return false;
    }

    private static int Field(byte[] bytes, int header, int index) =>
        int.TryParse(Encoding.ASCII.GetString(bytes, header + 6 + (8 * index), 8), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var value) && value >= 0
            ? Math.Min(value, 1 << 28)
            : 0;

    private static int Align(int offset) => (offset + 3) & ~3;
}
