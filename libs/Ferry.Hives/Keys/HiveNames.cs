using System.Text;

namespace Ferry.Hives.Keys;

/// <summary>Names as the registry stores, compares and hashes them.</summary>
internal sealed class HiveNames : IComparer<string>
{
    /// <summary>Characters of a key's name at most.</summary>
    public const int LongestKey = 255;

    /// <summary>Characters of a value's name at most.</summary>
    public const int LongestValue = 16_383;

    public static HiveNames Order { get; } = new();

    /// <summary>Text of a name: Latin-1 where it is compressed, else UTF-16, whatever units it holds.</summary>
    public static string Decode(ReadOnlySpan<byte> bytes, bool isCompressed) => isCompressed ? Encoding.Latin1.GetString(bytes) : HiveText.Decode(bytes);

    /// <summary>Whether every character has one byte.</summary>
    public static bool IsCompressible(string name) => !name.AsSpan().ContainsAnyExceptInRange('\0', '\u00ff');

    public static byte[] Encode(string name) => IsCompressible(name) ? Encoding.Latin1.GetBytes(name) : HiveText.Encode(name);

    /// <summary>Upper case by the table of Windows, one unit at a time.</summary>
    public static char Upper(char c) => c switch
    {
        < 'a' => c,
        <= 'z' => (char)(c - 0x20),
        < '\u0080' => c,
        _ => UpperCase.Of(c),
    };

    public static string Upper(string name) => string.Create(name.Length, name, static (to, from) =>
    {
        for (var i = 0; i < to.Length; i++)
        {
            to[i] = Upper(from[i]);
        }
    });

    public static bool AreEqual(string x, string y) => Order.Compare(x, y) == 0;

    public static uint Hash(string name)
    {
        var hash = 0u;
        foreach (var c in name)
        {
            hash = unchecked((hash * 37) + Upper(c));
        }

        return hash;
    }

    /// <summary>The first four characters, or nothing where one of them has no byte of its own.</summary>
    public static uint Hint(string name)
    {
        var hint = 0u;
        for (var i = 0; i < Math.Min(4, name.Length); i++)
        {
            if (name[i] > '\u00ff')
            {
                return 0;
            }

            hint |= (uint)name[i] << (8 * i);
        }

        return hint;
    }

    /// <inheritdoc/>
    public int Compare(string? x, string? y)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(y);
        for (var i = 0; i < Math.Min(x.Length, y.Length); i++)
        {
            var difference = x[i] == y[i] ? 0 : Upper(x[i]) - Upper(y[i]);
            if (difference != 0)
            {
                return difference;
            }
        }

        return x.Length - y.Length;
    }
}
