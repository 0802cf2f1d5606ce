using System.Text;

namespace Ferry.DiskImages.Vmdk;

/// <summary>
/// Finds the text of a descriptor. Its line <c>encoding="..."</c> names the character set (VMware writes the one of the host: <c>UTF-8</c>,
/// <c>windows-1252</c>, <c>GBK</c>, <c>Shift_JIS</c>, ...), but programs that copy or edit descriptors do not always keep it true. So the first of these
/// counts whose text gives exactly the same bytes again, so that no file name is changed on the way: the named one, UTF-8, windows-1252, Latin-1.
/// </summary>
internal static class VmdkEncoding
{
    private const string Default = "UTF-8";
    private const string Western = "windows-1252";
    private const string Key = "encoding";
    private const string AsciiSample = "# Disk DescriptorFile\r\nRW 1 FLAT \"a-b_c.vmdk\" 0\t=~{|}^";

    /// <summary>Decodes a descriptor.</summary>
    /// <returns>The text and the name of the encoding that was used.</returns>
    internal static (string Text, string Name) Decode(ReadOnlySpan<byte> bytes)
    {
        bytes = bytes.StartsWith(Encoding.UTF8.Preamble) ? bytes[3..] : bytes;
        foreach (var name in (ReadOnlySpan<string>)[DeclaredIn(bytes), Default, Western])
        {
            if (Find(name) is { } encoding && TryDecode(encoding, bytes) is { } text)
            {
                return (text, name);
            }
        }

        return (Encoding.Latin1.GetString(bytes), Encoding.Latin1.WebName);
    }

    /// <summary>The value of the line, looked for byte by byte, as the text is not known yet.</summary>
    private static string DeclaredIn(ReadOnlySpan<byte> bytes)
    {
        foreach (var raw in Encoding.Latin1.GetString(bytes).AsSpan().EnumerateLines())
        {
            var line = raw.Trim();
            if (line.IndexOf('=') is > 0 and var equals && line[..equals].Trim().Equals(Key, StringComparison.OrdinalIgnoreCase))
            {
                return line[(equals + 1)..].Trim().Trim('"').ToString();
            }
        }

        return Default;
    }

    /// <summary>An encoding of .NET that fails on what it does not know, and in which the syntax of a descriptor stands as in ASCII.</summary>
    private static Encoding? Find(string name)
    {
        try
        {
            var encoding = CodePagesEncodingProvider.Instance.GetEncoding(name, EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback)
                ?? Encoding.GetEncoding(name, EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback);
            return encoding.GetBytes(AsciiSample).AsSpan().SequenceEqual(Encoding.ASCII.GetBytes(AsciiSample)) ? encoding : null;
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            return null;
        }
    }

    private static string? TryDecode(Encoding encoding, ReadOnlySpan<byte> bytes)
    {
        try
        {
            var text = encoding.GetString(bytes);
            return encoding.GetBytes(text).AsSpan().SequenceEqual(bytes) ? text : null;
        }
        catch (ArgumentException)
        {
            // The two exceptions of the fallbacks are of this class.
            return null;
        }
    }
}
