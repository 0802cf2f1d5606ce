using System.Buffers.Binary;

namespace Ferry.Hives;

/// <summary>Data of values as Windows writes them, and back. What is read may lack its end, have an odd byte or something after its end: the text goes up to the first end.</summary>
public static class HiveData
{
    /// <summary>A DWORD.</summary>
    /// <param name="number">The number.</param>
    public static byte[] OfDWord(uint number)
    {
        var bytes = new byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, number);
        return bytes;
    }

    /// <summary>A QWORD.</summary>
    /// <param name="number">The number.</param>
    public static byte[] OfQWord(ulong number)
    {
        var bytes = new byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, number);
        return bytes;
    }

    /// <summary>A string, with its end.</summary>
    /// <param name="text">Without NUL.</param>
    /// <exception cref="ArgumentException">It holds NUL.</exception>
    public static byte[] OfString(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Contains('\0', StringComparison.Ordinal) ? throw new ArgumentException("A string holds no NUL.", nameof(text)) : HiveText.Encode(text + "\0");
    }

    /// <summary>A multi-string: every text with its end, and another end.</summary>
    /// <param name="texts">Without NUL, none empty.</param>
    /// <exception cref="ArgumentException">One is empty or holds NUL.</exception>
    public static byte[] OfStrings(IEnumerable<string> texts)
    {
        ArgumentNullException.ThrowIfNull(texts);
        var all = texts.ToList();
        return all.Any(x => x.Length == 0 || x.Contains('\0', StringComparison.Ordinal))
            ? throw new ArgumentException("A text of a multi-string is not empty and holds no NUL.", nameof(texts))
            : HiveText.Encode(string.Concat(all.Select(x => x + "\0")) + "\0");
    }

    /// <summary>The text of a string.</summary>
    /// <param name="data">The data.</param>
    public static string ToText(ReadOnlySpan<byte> data) => HiveText.Decode(data).Split('\0', 2)[0];

    /// <summary>The texts of a multi-string.</summary>
    /// <param name="data">The data.</param>
    public static IReadOnlyList<string> ToTexts(ReadOnlySpan<byte> data) => [.. HiveText.Decode(data).Split('\0').TakeWhile(x => x.Length > 0)];

    internal static bool TryDWord(HiveValueType type, ReadOnlySpan<byte> data, out uint number)
    {
        number = 0;
        switch (type)
        {
            case HiveValueType.DWord when data.Length == sizeof(uint):
                number = BinaryPrimitives.ReadUInt32LittleEndian(data);
                return true;
            case HiveValueType.DWordBigEndian when data.Length == sizeof(uint):
                number = BinaryPrimitives.ReadUInt32BigEndian(data);
                return true;
            default:
                return false;
        }
    }

    internal static bool TryQWord(HiveValueType type, ReadOnlySpan<byte> data, out ulong number)
    {
        if (type == HiveValueType.QWord && data.Length == sizeof(ulong))
        {
            number = BinaryPrimitives.ReadUInt64LittleEndian(data);
            return true;
        }

        var isDWord = TryDWord(type, data, out var small);
        number = small;
        return isDWord;
    }
}
