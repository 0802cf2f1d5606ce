using System.Text;
using System.Text.RegularExpressions;
using Ferry.Capture.Sources.Ovf;

namespace Ferry.Capture.Sources;

/// <summary>Tells the kind of a source by the first bytes of its content.</summary>
internal static partial class SourceDetector
{
    /// <summary>Bytes of the start that are looked at.</summary>
    public const int HeadBytes = 64 << 10;

    private const int TarBlock = 512;

    /// <summary>The kind.</summary>
    public static SourceKind Detect(ReadOnlySpan<byte> head)
    {
        if (IsTar(head))
        {
            return SourceKind.Ova;
        }

        if (OvfXml.LooksLikeEnvelope(head))
        {
            return SourceKind.Ovf;
        }

        // Binary formats have zero bytes in their first 64 KiB; a VMDK descriptor is text, too, but has none of these keys.
        return !head.Contains((byte)0) && VmxKey().IsMatch(Encoding.Latin1.GetString(head)) ? SourceKind.Vmx : SourceKind.Image;
    }

    /// <summary>What content of no known kind may be, with what to do about it.</summary>
    public static (string What, string Remedy) Explain(ReadOnlySpan<byte> head) => head switch
    {
        [] => ("The source is empty.", "Check that it was copied completely."),
        [0x1f, 0x8b, ..] => ("The source is compressed (gzip).", "Decompress it with gzip -d (or tar -xzf) first."),
        [(byte)'P', (byte)'K', 3, 4, ..] => ("The source is a ZIP archive.", "Unpack it first."),
        [0xfd, (byte)'7', (byte)'z', (byte)'X', (byte)'Z', 0, ..] => ("The source is compressed (xz).", "Decompress it with xz -d first."),
        [0x28, 0xb5, 0x2f, 0xfd, ..] => ("The source is compressed (zstd).", "Decompress it with zstd -d first."),
        [(byte)'B', (byte)'Z', (byte)'h', ..] => ("The source is compressed (bzip2).", "Decompress it with bzip2 -d first."),
        _ when head.Length >= TarBlock && head[510] == 0x55 && head[511] == 0xaa => (
            "The source is of no known format, but has a boot sector at its start: it may be a raw disk.", "If it is one, say so: --input-format raw (in the API: sourceFormat raw)."),
        _ => ("The source is neither a .vmx, .ovf or .ova nor a disk image of a known format.", "Check the file; if it is a raw disk, say so: --input-format raw (in the API: sourceFormat raw)."),
    };

    private static bool IsTar(ReadOnlySpan<byte> head)
    {
        if (head.Length < TarBlock || head[0] == 0)
        {
            return false;
        }

        var text = Encoding.ASCII.GetString(head.Slice(148, 8)).Trim('\0', ' ');
        if (text.Length is 0 or > 7 || text.AsSpan().IndexOfAnyExceptInRange('0', '7') >= 0)
        {
            return false;
        }

        var sum = 8 * ' ';
        for (var i = 0; i < TarBlock; i++)
        {
            sum += i is >= 148 and < 156 ? 0 : head[i];
        }

        return sum == Convert.ToInt32(text, 8);
    }

    [GeneratedRegex(
        @"^[ \t]*(?:\.encoding|config\.version|virtualHW\.version|displayName|guestOS|memsize)[ \t]*=",
        RegexOptions.IgnoreCase | RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex VmxKey();
}
