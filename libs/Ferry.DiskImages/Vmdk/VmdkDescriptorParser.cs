using System.Globalization;
using System.Text;

namespace Ferry.DiskImages.Vmdk;

/// <summary>Reads a descriptor. Unknown keys (<c>ddb.*</c>, change tracking, ...) are ignored, unknown extents are not.</summary>
internal static class VmdkDescriptorParser
{
    /// <summary>Largest descriptor that is read.</summary>
    internal const int MaximumSize = 4 * 1024 * 1024;

    private const int MaximumExtents = 32768;

    /// <summary><c>parentCID</c> of a disk that has no parent.</summary>
    /// <summary>The <c>parentCID</c> of a disk without a parent.</summary>
    internal const uint NoParent = 0xffffffff;

    /// <summary>Keys of the disk data base that are shown to people, and their names there.</summary>
    private static readonly (string Key, string Name)[] Shown =
    [
        ("ddb.adapterType", "adapterType"),
        ("ddb.virtualHWVersion", "virtualHWVersion"),
        ("ddb.thinProvisioned", "thinProvisioned"),
        ("ddb.uuid", "uuid"),
    ];

    private static ReadOnlySpan<byte> Signature => "# disk descriptorfile"u8;

    /// <summary>Whether a file begins like a descriptor.</summary>
    internal static bool IsMatch(ReadOnlySpan<byte> start)
    {
        start = start.StartsWith("\xef\xbb\xbf"u8) ? start[3..] : start;
        start = start.TrimStart(" \t\r\n"u8);
        return start.Length >= Signature.Length && Ascii.EqualsIgnoreCase(start[..Signature.Length], Signature);
    }

    /// <summary>Parses the text.</summary>
    /// <param name="bytes">The descriptor; ends at the first zero byte.</param>
    /// <param name="file">Its file, for messages.</param>
    /// <exception cref="DiskImageException">A line is damaged or names what cannot be read.</exception>
    internal static VmdkDescriptor Parse(ReadOnlySpan<byte> bytes, string file)
    {
        var keys = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        var extents = new List<VmdkExtentLine>();
        VmdkWriting? writing = null;
        var number = 0;
        var end = bytes.IndexOf((byte)0);
        var (text, encoding) = VmdkEncoding.Decode(end < 0 ? bytes : bytes[..end]);
        foreach (var raw in text.AsSpan().EnumerateLines())
        {
            number++;
            var line = raw.Trim();
            if (line.IsEmpty || line[0] == '#')
            {
                writing ??= VmdkWriting.TryParse(line);
                continue;
            }

            if (IsExtent(line))
            {
                extents.Add(extents.Count < MaximumExtents ? ParseExtent(line, number, file) : throw Corrupt("There are too many extents.", file, number));
            }
            else if (line.IndexOf('=') is > 0 and var equals)
            {
                keys.TryAdd(line[..equals].Trim().ToString(), line[(equals + 1)..].Trim().Trim('"').ToString());
            }
        }

        return new VmdkDescriptor
        {
            CreateType = keys.GetValueOrDefault("createType") ?? throw new InvalidDiskImageException(DiskImageErrors.Corrupt, "The descriptor has no createType.", file),
            // A disk without a child is read whatever its own id looks like; a chain needs it and says so.
            Cid = TryParseCid(keys, "CID"),
            ParentCid = ParseParentCid(keys, file) is { } parent and not NoParent ? parent : null,
            ParentHint = keys.GetValueOrDefault("parentFileNameHint"),
            Extents = extents,
            Properties = Describe(keys, encoding),

            // A program that writes to the disk gives it another content id.
            Writing = writing is not null && VmdkDescriptorText.CidOf(writing) == TryParseCid(keys, "CID") ? writing : null,
        };
    }

    /// <summary>A content id as it is written and shown.</summary>
    internal static string Text(uint? cid) => cid is null ? "none" : cid.Value.ToString("x8", CultureInfo.InvariantCulture);

    /// <summary>The exception for a line of a descriptor.</summary>
    internal static DiskImageException Corrupt(string message, string file, int line) => At(DiskImageErrors.Corrupt, message, file, line);

    /// <summary>An exception that names the line of a descriptor.</summary>
    internal static DiskImageException At(string code, string message, string file, int line, Exception? inner = null) =>
        DiskImageException.Create(code, message, string.Create(CultureInfo.InvariantCulture, $"{file}, line {line}"), inner: inner);

    private static uint? TryParseCid(Dictionary<string, string> keys, string key) =>
        uint.TryParse(keys.GetValueOrDefault(key), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value) ? value : null;

    private static uint? ParseParentCid(Dictionary<string, string> keys, string file) => keys.ContainsKey("parentCID")
        ? TryParseCid(keys, "parentCID") ?? throw new InvalidDiskImageException(DiskImageErrors.Corrupt, "The parentCID is no hexadecimal number.", file)
        : null;

    private static Dictionary<string, string> Describe(Dictionary<string, string> keys, string encoding)
    {
        var properties = new Dictionary<string, string> { ["encoding"] = encoding };
        foreach (var (key, name) in Shown)
        {
            if (keys.TryGetValue(key, out var value) && value.Length > 0)
            {
                properties[name] = value;
            }
        }

        return properties;
    }

    private static bool IsExtent(ReadOnlySpan<char> line)
    {
        var end = line.IndexOfAny(' ', '\t');
        return end > 0 && line[..end] is var word
            && (word.Equals("RW", StringComparison.OrdinalIgnoreCase)
                || word.Equals("RDONLY", StringComparison.OrdinalIgnoreCase)
                || word.Equals("NOACCESS", StringComparison.OrdinalIgnoreCase));
    }

    /// <summary><c>RW 4192256 SPARSE "disk-s001.vmdk" 0</c>.</summary>
    private static VmdkExtentLine ParseExtent(ReadOnlySpan<char> line, int number, string file)
    {
        var access = Word(ref line);
        var size = Word(ref line);
        var type = Word(ref line);
        var name = QuotedName(ref line);
        var offset = Word(ref line);
        if (!ulong.TryParse(size, NumberStyles.None, CultureInfo.InvariantCulture, out var sectors))
        {
            throw Corrupt("The extent's size is not a number.", file, number);
        }

        ulong start = 0;
        if (!offset.IsEmpty && !ulong.TryParse(offset, NumberStyles.None, CultureInfo.InvariantCulture, out start))
        {
            throw Corrupt("The extent's offset is not a number.", file, number);
        }

        if (VmdkDevices.IsExtentType(type))
        {
            throw At(DiskImageErrors.UnsupportedVariant, VmdkDevices.Refusal(type.ToString()), file, number);
        }

        if (!Enum.TryParse<VmdkExtentKind>(type, ignoreCase: true, out var kind) || !char.IsAsciiLetter(type[0]))
        {
            throw At(DiskImageErrors.UnsupportedVariant, $"Extents of type \"{type.ToString()}\" cannot be read.", file, number);
        }

        if (kind == VmdkExtentKind.Zero)
        {
            return new VmdkExtentLine(kind, sectors, null, 0, number);
        }

        if (access.Equals("NOACCESS", StringComparison.OrdinalIgnoreCase))
        {
            throw At(DiskImageErrors.UnsupportedVariant, "The extent is marked NOACCESS: its content is not part of the image.", file, number);
        }

        return name is null
            ? throw Corrupt("The extent names no file.", file, number)
            : new VmdkExtentLine(kind, sectors, name, kind is VmdkExtentKind.Flat or VmdkExtentKind.Vmfs ? start : 0, number);
    }

    private static ReadOnlySpan<char> Word(ref ReadOnlySpan<char> line)
    {
        line = line.TrimStart();
        var end = line.IndexOfAny(' ', '\t');
        var word = end < 0 ? line : line[..end];
        line = line[word.Length..];
        return word;
    }

    private static string? QuotedName(ref ReadOnlySpan<char> line)
    {
        line = line.TrimStart();
        if (line.IsEmpty || line[0] != '"')
        {
            return null;
        }

        var end = line[1..].IndexOf('"');
        if (end < 0)
        {
            return null;
        }

        var name = line.Slice(1, end).ToString();
        line = line[(end + 2)..];
        return name;
    }
}
