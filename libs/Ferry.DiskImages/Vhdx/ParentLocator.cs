using System.Buffers.Binary;
using System.Text;

namespace Ferry.DiskImages.Vhdx;

/// <summary>
/// Parent locator item (MS-VHDX 2.6.2.6): type at 0, count at 18, then entries of 12 bytes (key offset, value offset, key length, value length), whose
/// UTF-16 texts stand in the item behind them.
/// </summary>
/// <param name="Type">Kind of the parent.</param>
/// <param name="Entries">The keys (2.6.2.6.3) with their values.</param>
internal readonly record struct ParentLocator(Guid Type, IReadOnlyDictionary<string, string> Entries)
{
    /// <summary>The only type that the specification defines: another VHDX file.</summary>
    internal static readonly Guid VhdxType = new("B04AEFB7-D19E-4A81-B789-25B8E9445913");

    private const int HeaderSize = 20;
    private const int EntrySize = 12;

    /// <summary>More than any program writes (five); texts may overlap, so that the size of the item alone bounds nothing.</summary>
    private const int MaximumEntries = 64;

    /// <summary>Reads the structure; null when it contradicts itself.</summary>
    internal static ParentLocator? TryRead(ReadOnlySpan<byte> item)
    {
        if (item.Length < HeaderSize)
        {
            return null;
        }

        var count = BinaryPrimitives.ReadUInt16LittleEndian(item[18..]);
        if (count > MaximumEntries || HeaderSize + (count * EntrySize) > item.Length)
        {
            return null;
        }

        var entries = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = 0; i < count; i++)
        {
            var entry = item[(HeaderSize + (i * EntrySize))..];
            var key = Text(item, BinaryPrimitives.ReadUInt32LittleEndian(entry), BinaryPrimitives.ReadUInt16LittleEndian(entry[8..]));
            var value = Text(item, BinaryPrimitives.ReadUInt32LittleEndian(entry[4..]), BinaryPrimitives.ReadUInt16LittleEndian(entry[10..]));
            if (key is null || value is null || !entries.TryAdd(key, value))
            {
                return null;
            }
        }

        return new ParentLocator(new Guid(item[..16]), entries);
    }

    /// <summary>
    /// The file names that the parent may have, most likely first. Wherever the paths lead, the parent is looked for beside the image: its own folder is the only one
    /// that an image may name.
    /// </summary>
    internal IReadOnlyList<string> FileNames()
    {
        var relative = Entries.GetValueOrDefault("relative_path", "");
        var bare = relative.StartsWith(@".\", StringComparison.Ordinal) ? relative[2..] : relative;
        IEnumerable<string> paths = LastPart(bare) == bare
            ? [bare, Entries.GetValueOrDefault("volume_path", ""), Entries.GetValueOrDefault("absolute_win32_path", "")]
            : [Entries.GetValueOrDefault("volume_path", ""), Entries.GetValueOrDefault("absolute_win32_path", ""), bare];
        return [.. paths.Select(LastPart).Where(name => name.Length > 0).Distinct(StringComparer.Ordinal)];
    }

    /// <summary>The path as the image gives it, for messages.</summary>
    internal string Path => Sources.ImageFileName.Printable(
        Entries.GetValueOrDefault("relative_path") ?? Entries.GetValueOrDefault("volume_path") ?? Entries.GetValueOrDefault("absolute_win32_path") ?? "an unknown parent");

    /// <summary>Whether the parent with a data write id is the one that the image was made from.</summary>
    internal bool IsLinkedTo(Guid dataWriteId) => Is("parent_linkage", dataWriteId) || Is("parent_linkage2", dataWriteId);

    private bool Is(string key, Guid id) => Entries.TryGetValue(key, out var text) && Guid.TryParseExact(text, "B", out var found) && found == id;

    private static string LastPart(string path) => path[(path.LastIndexOfAny(['\\', '/']) + 1)..];

    private static string? Text(ReadOnlySpan<byte> item, uint offset, ushort length) =>
        offset <= item.Length - (long)length ? Encoding.Unicode.GetString(item.Slice((int)offset, length)) : null;
}
