using System.Buffers.Binary;
using System.Text;

namespace Ferry.DiskImages.Vhdx;

/// <summary>Parent locator item (MS-VHDX 2.6.2.6): GUID, count at 18, then entries of 12 bytes (key offset, value offset, key length, value length).</summary>
internal static class ParentLocator
{
    private const int HeaderSize = 20;
    private const int EntrySize = 12;

    /// <summary>The parent's path in words, for a message.</summary>
    internal static string Describe(ReadOnlySpan<byte> item)
    {
        if (item.Length < HeaderSize)
        {
            return "an unknown parent";
        }

        var count = BinaryPrimitives.ReadUInt16LittleEndian(item[18..]);
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = 0; i < count && HeaderSize + ((i + 1) * EntrySize) <= item.Length; i++)
        {
            var entry = item[(HeaderSize + (i * EntrySize))..];
            var key = Text(item, BinaryPrimitives.ReadUInt32LittleEndian(entry), BinaryPrimitives.ReadUInt16LittleEndian(entry[8..]));
            var value = Text(item, BinaryPrimitives.ReadUInt32LittleEndian(entry[4..]), BinaryPrimitives.ReadUInt16LittleEndian(entry[10..]));
            found.TryAdd(key, value);
        }

        return found.GetValueOrDefault("relative_path") ?? found.GetValueOrDefault("absolute_win32_path") ?? found.GetValueOrDefault("parent_linkage") ?? "an unknown parent";
    }

    private static string Text(ReadOnlySpan<byte> item, uint offset, ushort length) =>
        offset <= item.Length - (long)length ? Encoding.Unicode.GetString(item.Slice((int)offset, length)) : "";
}
