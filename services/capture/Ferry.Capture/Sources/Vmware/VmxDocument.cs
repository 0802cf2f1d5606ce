using System.Globalization;
using System.Text;

namespace Ferry.Capture.Sources.Vmware;

/// <summary>
/// The keys of a .vmx file. VMware does not publish the format; it is lines <c>key = "value"</c>, keys without regard to case, <c>|XX</c> in a value
/// for the byte XX, <c>#</c> before a comment, and <c>.encoding</c> for the character set. The first of two equal keys counts.
/// </summary>
public sealed class VmxDocument
{
    /// <summary>The largest file that is read, in bytes; real ones have a few KiB.</summary>
    public const int MaximumBytes = 1 << 20;

    /// <summary>The most keys.</summary>
    public const int MaximumKeys = 20_000;

    private readonly Dictionary<string, string> _values;

    private VmxDocument(Dictionary<string, string> values, int ignoredLines, bool encodingFellBack)
    {
        _values = values;
        IgnoredLines = ignoredLines;
        EncodingFellBack = encodingFellBack;
    }

    /// <summary>All keys, in lower case.</summary>
    public IReadOnlyCollection<string> Keys => _values.Keys;

    /// <summary>Lines that are neither empty, comment nor <c>key = "value"</c>, and keys given twice.</summary>
    public int IgnoredLines { get; }

    /// <summary>Whether the declared encoding is unknown or does not fit the bytes, so that Latin-1 was used.</summary>
    public bool EncodingFellBack { get; }

    /// <summary>The value of a key, or null.</summary>
    public string? this[string key] => _values.GetValueOrDefault(key.ToLowerInvariant());

    /// <summary>Parses a file.</summary>
    /// <param name="bytes">The whole file.</param>
    /// <param name="file">Its name, for messages.</param>
    /// <exception cref="SourceException"><see cref="SourceErrors.VmxInvalid"/>.</exception>
    public static VmxDocument Parse(ReadOnlySpan<byte> bytes, string file)
    {
        if (bytes.Length > MaximumBytes)
        {
            throw Invalid(file, string.Create(CultureInfo.InvariantCulture, $"The file has {bytes.Length} bytes; a .vmx has at most {MaximumBytes}."));
        }

        if (bytes.Contains((byte)0))
        {
            throw Invalid(file, "The file contains zero bytes: it is not a text file.");
        }

        bytes = bytes.StartsWith(Encoding.UTF8.Preamble) ? bytes[3..] : bytes;
        var raw = new Dictionary<string, string>(StringComparer.Ordinal);
        var ignored = 0;
        foreach (var line in Encoding.Latin1.GetString(bytes).AsSpan().EnumerateLines())
        {
            ignored += Add(raw, line.Trim(" \t"), file) ? 0 : 1;
        }

        return Decode(raw, ignored, file);
    }

    /// <summary>A whole number within limits, or the default when the key is absent or empty.</summary>
    /// <exception cref="SourceException">The value is no number or out of its limits.</exception>
    public int Number(string key, int absent, int least, int most, string file)
    {
        var text = this[key]?.Trim();
        if (string.IsNullOrEmpty(text))
        {
            return absent;
        }

        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number
            : throw Invalid(file, string.Create(
                CultureInfo.InvariantCulture, $"{key} is \"{SourceText.Quote(text)}\"; it must be a number from {least} to {most}."));
    }

    /// <summary>A truth value; null when the key is absent or is neither TRUE nor FALSE.</summary>
    public bool? Flag(string key) => this[key]?.Trim().ToUpperInvariant() switch
    {
        "TRUE" or "1" or "YES" or "ON" => true,
        "FALSE" or "0" or "NO" or "OFF" => false,
        _ => null,
    };

    private static bool Add(Dictionary<string, string> raw, ReadOnlySpan<char> line, string file)
    {
        if (line.IsEmpty || line[0] == '#')
        {
            return true;
        }

        var equals = line.IndexOf('=');
        var key = equals > 0 ? line[..equals].TrimEnd(" \t") : [];
        var value = equals > 0 ? line[(equals + 1)..].Trim(" \t") : [];
        if (key.IsEmpty || key.IndexOfAny(" \t\"") >= 0)
        {
            return false;
        }

        // Some programs write numbers and truth values without quotes.
        if (value is ['"', .., '"'])
        {
            value = value[1..^1];
        }
        else if (value.Contains('"'))
        {
            return false;
        }

        if (raw.Count == MaximumKeys)
        {
            throw Invalid(file, string.Create(CultureInfo.InvariantCulture, $"The file has more than {MaximumKeys} keys."));
        }

        return raw.TryAdd(key.ToString().ToLowerInvariant(), Unescape(value));
    }

    /// <summary>Replaces <c>|XX</c> by the byte, still one character per byte.</summary>
    private static string Unescape(ReadOnlySpan<char> value)
    {
        if (!value.Contains('|'))
        {
            return value.ToString();
        }

        var result = new StringBuilder(value.Length);
        for (var i = 0; i < value.Length; i++)
        {
            if (value[i] == '|' && i + 2 < value.Length && char.IsAsciiHexDigit(value[i + 1]) && char.IsAsciiHexDigit(value[i + 2]))
            {
                result.Append((char)byte.Parse(value.Slice(i + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture));
                i += 2;
            }
            else
            {
                result.Append(value[i]);
            }
        }

        return result.ToString();
    }

    private static VmxDocument Decode(Dictionary<string, string> raw, int ignored, string file)
    {
        var encoding = FindEncoding(raw.GetValueOrDefault(".encoding"));
        var fellBack = encoding is null;
        var values = new Dictionary<string, string>(raw.Count, StringComparer.Ordinal);
        foreach (var (key, value) in raw)
        {
            var text = value;
            if (encoding is not null && !Ascii.IsValid(value))
            {
                try
                {
                    text = encoding.GetString(Encoding.Latin1.GetBytes(value));
                }
                catch (DecoderFallbackException)
                {
                    fellBack = true;
                }
            }

            if (text.Contains('\0', StringComparison.Ordinal))
            {
                throw Invalid(file, $"The value of {SourceText.Quote(key)} contains a zero byte.");
            }

            values.Add(key, text);
        }

        return new VmxDocument(values, ignored, fellBack);
    }

    private static Encoding? FindEncoding(string? name)
    {
        if (string.IsNullOrWhiteSpace(name) || name.Equals("UTF-8", StringComparison.OrdinalIgnoreCase))
        {
            return new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
        }

        var provider = CodePagesEncodingProvider.Instance.GetEncoding(name.Trim(), EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback);
        return provider ?? (name.Trim().ToUpperInvariant() is "ISO-8859-1" or "LATIN1" or "US-ASCII" ? Encoding.Latin1 : null);
    }

    private static SourceException Invalid(string file, string message) => SourceException.Of(
        SourceErrors.VmxInvalid, message, file, "Check that this is the machine's .vmx file and that it was copied completely.");
}
