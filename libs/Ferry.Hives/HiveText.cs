using System.Buffers.Binary;

namespace Ferry.Hives;

/// <summary>UTF-16 of the registry: any units, also halves of pairs, come through unchanged in both directions.</summary>
internal static class HiveText
{
    /// <summary>The units; an odd last byte is left out.</summary>
    public static string Decode(ReadOnlySpan<byte> bytes)
    {
        var units = new char[bytes.Length / 2];
        for (var i = 0; i < units.Length; i++)
        {
            units[i] = (char)BinaryPrimitives.ReadUInt16LittleEndian(bytes[(2 * i)..]);
        }

        return new string(units);
    }

    public static byte[] Encode(ReadOnlySpan<char> text)
    {
        var bytes = new byte[2 * text.Length];
        for (var i = 0; i < text.Length; i++)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(2 * i), text[i]);
        }

        return bytes;
    }
}
