using System.Globalization;
using Ferry.Hives;

namespace Ferry.Fixup.Planning;

/// <summary>Registry data for people, short.</summary>
internal static class RegistryText
{
    private const int LongestText = 200;
    private const int MostBytes = 24;

    /// <summary>The data in words.</summary>
    public static string Of(HiveValueType type, byte[] data) => Short(type switch
    {
        HiveValueType.Sz or HiveValueType.ExpandSz => $"\"{HiveData.ToText(data)}\"",
        HiveValueType.MultiSz => $"[{string.Join(", ", HiveData.ToTexts(data))}]",
        HiveValueType.DWord when data.Length == sizeof(uint) => BitConverter.ToUInt32(data).ToString(CultureInfo.InvariantCulture),
        HiveValueType.QWord when data.Length == sizeof(ulong) => BitConverter.ToUInt64(data).ToString(CultureInfo.InvariantCulture),
        _ => Convert.ToHexString(data.AsSpan(0, Math.Min(data.Length, MostBytes))) + (data.Length > MostBytes ? $"... ({data.Length} bytes)" : ""),
    });

    private static string Short(string text) => text.Length <= LongestText ? text : text[..LongestText] + "...";
}
