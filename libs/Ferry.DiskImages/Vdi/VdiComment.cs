using System.Text;

namespace Ferry.DiskImages.Vdi;

/// <summary>The comment in a header: 256 bytes of UTF-8, padded with zeros.</summary>
internal static class VdiComment
{
    /// <summary>Size on disk.</summary>
    internal const int Size = 256;

    /// <summary>Reads the text; bytes that are no UTF-8 are replaced.</summary>
    internal static string Read(ReadOnlySpan<byte> bytes)
    {
        bytes = bytes[..Size];
        var end = bytes.IndexOf((byte)0);
        return Encoding.UTF8.GetString(end < 0 ? bytes : bytes[..end]);
    }

    /// <summary>Writes a text that fits.</summary>
    internal static void Write(string text, Span<byte> bytes)
    {
        bytes[..Size].Clear();
        Encoding.UTF8.GetBytes(text, bytes[..Size]);
    }
}
