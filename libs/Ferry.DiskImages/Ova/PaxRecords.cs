using System.Globalization;
using System.Text;

namespace Ferry.DiskImages.Ova;

/// <summary>The records of a pax header (POSIX.1-2001): <c>LENGTH KEY=VALUE\n</c>. Only what is used is kept, as headers may follow one another without end.</summary>
internal static class PaxRecords
{
    /// <summary>Reads the keys <c>path</c> and <c>size</c>; false when a record is damaged.</summary>
    internal static bool TryParse(ReadOnlySpan<byte> bytes, Dictionary<string, string> keys)
    {
        while (!bytes.IsEmpty && bytes[0] != 0)
        {
            var space = bytes.IndexOf((byte)' ');
            if (space <= 0 || !int.TryParse(bytes[..space], NumberStyles.None, CultureInfo.InvariantCulture, out var length)
                || length <= space + 1 || length > bytes.Length || bytes[length - 1] != (byte)'\n')
            {
                return false;
            }

            var record = bytes[(space + 1)..(length - 1)];
            var equals = record.IndexOf((byte)'=');
            if (equals <= 0)
            {
                return false;
            }

            if (record[..equals].SequenceEqual("path"u8) || record[..equals].SequenceEqual("size"u8))
            {
                keys[Encoding.ASCII.GetString(record[..equals])] = Encoding.UTF8.GetString(record[(equals + 1)..]);
            }

            bytes = bytes[length..];
        }

        return true;
    }
}
