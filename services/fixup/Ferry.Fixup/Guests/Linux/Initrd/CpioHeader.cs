using System.Globalization;
using System.Text;

namespace Ferry.Fixup.Guests.Linux.Initrd;

/// <summary>Header of a "newc" entry: the magic 070701 or 070702 and thirteen numbers of eight hexadecimal digits (linux, buffer-format.rst).</summary>
internal readonly record struct CpioHeader(uint Mode, uint FileSize, uint NameSize)
{
    public const int Size = 110;
    public const int Alignment = 4;

    /// <summary>PATH_MAX.</summary>
    public const int MaximumName = 4096;

    private const int ModeField = 1;
    private const int FileSizeField = 6;
    private const int NameSizeField = 11;
    private const int FirstField = 6;
    private const int FieldSize = 8;

    public static bool HasMagic(ReadOnlySpan<byte> bytes) => bytes.StartsWith("070701"u8) || bytes.StartsWith("070702"u8);

    /// <summary>Reads a header; false when it is none.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out CpioHeader header)
    {
        header = default;
        if (bytes.Length < Size || !HasMagic(bytes)
            || !Field(bytes, ModeField, out var mode) || !Field(bytes, FileSizeField, out var size) || !Field(bytes, NameSizeField, out var name)
            || name is 0 or > MaximumName)
        {
            return false;
        }

        header = new CpioHeader(mode, size, name);
        return true;
    }

    public void Write(Span<byte> destination, uint inode, uint time)
    {
        uint[] fields = [inode, Mode, 0, 0, 1, time, FileSize, 0, 0, 0, 0, NameSize, 0];
        var text = "070701" + string.Concat(fields.Select(f => f.ToString("X8", CultureInfo.InvariantCulture)));
        Encoding.ASCII.GetBytes(text, destination);
    }

    private static bool Field(ReadOnlySpan<byte> bytes, int index, out uint value) =>
        uint.TryParse(bytes.Slice(FirstField + (index * FieldSize), FieldSize), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value);
}
