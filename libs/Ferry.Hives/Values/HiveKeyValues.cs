namespace Ferry.Hives;

/// <summary>Sets values of the common types. As <see cref="HiveKey.Set"/>, none changes anything where the value is what is asked for already.</summary>
public static class HiveKeyValues
{
    /// <summary>Sets a DWORD.</summary>
    /// <param name="key">The key.</param>
    /// <param name="name">The value's name; empty for the default value.</param>
    /// <param name="number">The number.</param>
    public static void SetDWord(this HiveKey key, string name, uint number) => Of(key).Set(name, HiveValueType.DWord, HiveData.OfDWord(number));

    /// <summary>Sets a QWORD.</summary>
    /// <param name="key">The key.</param>
    /// <param name="name">The value's name; empty for the default value.</param>
    /// <param name="number">The number.</param>
    public static void SetQWord(this HiveKey key, string name, ulong number) => Of(key).Set(name, HiveValueType.QWord, HiveData.OfQWord(number));

    /// <summary>Sets a string.</summary>
    /// <param name="key">The key.</param>
    /// <param name="name">The value's name; empty for the default value.</param>
    /// <param name="text">The text.</param>
    public static void SetString(this HiveKey key, string name, string text) => Of(key).Set(name, HiveValueType.Sz, HiveData.OfString(text));

    /// <summary>Sets a string with environment variables.</summary>
    /// <param name="key">The key.</param>
    /// <param name="name">The value's name; empty for the default value.</param>
    /// <param name="text">The text.</param>
    public static void SetExpandString(this HiveKey key, string name, string text) => Of(key).Set(name, HiveValueType.ExpandSz, HiveData.OfString(text));

    /// <summary>Sets a multi-string.</summary>
    /// <param name="key">The key.</param>
    /// <param name="name">The value's name; empty for the default value.</param>
    /// <param name="texts">The texts, none empty.</param>
    public static void SetStrings(this HiveKey key, string name, params IEnumerable<string> texts) => Of(key).Set(name, HiveValueType.MultiSz, HiveData.OfStrings(texts));

    /// <summary>Sets bytes.</summary>
    /// <param name="key">The key.</param>
    /// <param name="name">The value's name; empty for the default value.</param>
    /// <param name="data">The bytes.</param>
    public static void SetBinary(this HiveKey key, string name, ReadOnlySpan<byte> data) => Of(key).Set(name, HiveValueType.Binary, data);

    private static HiveKey Of(HiveKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return key;
    }
}
