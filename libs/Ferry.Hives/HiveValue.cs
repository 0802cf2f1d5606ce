using Ferry.Hives.Values;

namespace Ferry.Hives;

/// <summary>A value of a key. Its data are read when asked for.</summary>
public sealed class HiveValue
{
    private readonly Hive _hive;

    internal HiveValue(Hive hive, HiveKey key, int offset)
    {
        _hive = hive;
        Key = key;
        Offset = offset;
        Name = hive.Keys.ValueName(offset);
        Reload();
    }

    /// <summary>The key that it is in.</summary>
    public HiveKey Key { get; }

    /// <summary>The name; empty for the default value.</summary>
    public string Name { get; }

    /// <summary>The type; also numbers that <see cref="HiveValueType"/> has no name for.</summary>
    public HiveValueType Type { get; private set; }

    /// <summary>Bytes of the data, as the value says.</summary>
    public int Size { get; private set; }

    internal int Offset { get; }

    internal bool IsDeleted { get; set; }

    /// <summary>A copy of the data.</summary>
    /// <exception cref="HiveException">They are damaged.</exception>
    /// <exception cref="InvalidOperationException">The value was deleted.</exception>
    public byte[] GetData() => !IsDeleted ? DataReader.Read(_hive.Keys, Offset) : throw new InvalidOperationException($"The value {Name} was deleted.");

    /// <summary>The number of a DWORD.</summary>
    /// <exception cref="HiveException">It is none (<see cref="HiveErrors.WrongType"/>), or damaged.</exception>
    public uint GetDWord() => HiveData.TryDWord(Type, GetData(), out var number) ? number : throw Wrong("DWORD");

    /// <summary>The number of a QWORD, or of a DWORD.</summary>
    /// <exception cref="HiveException">It is neither (<see cref="HiveErrors.WrongType"/>), or damaged.</exception>
    public ulong GetQWord() => HiveData.TryQWord(Type, GetData(), out var number) ? number : throw Wrong("QWORD");

    /// <summary>The text of a string, of either type, up to its end; variables are not expanded.</summary>
    /// <exception cref="HiveException">It is none (<see cref="HiveErrors.WrongType"/>), or damaged.</exception>
    public string GetString() => Type is HiveValueType.Sz or HiveValueType.ExpandSz or HiveValueType.Link ? HiveData.ToText(GetData()) : throw Wrong("string");

    /// <summary>The texts of a multi-string. A string counts as one text.</summary>
    /// <exception cref="HiveException">It is none (<see cref="HiveErrors.WrongType"/>), or damaged.</exception>
    public IReadOnlyList<string> GetStrings() => Type == HiveValueType.MultiSz ? HiveData.ToTexts(GetData()) : [GetString()];

    /// <summary>Name and type.</summary>
    public override string ToString() => $"{Name} ({Type})";

    internal void Reload()
    {
        var node = _hive.Keys.Value(Offset);
        Type = (HiveValueType)node.Type;
        Size = node.DataSize;
    }

    private HiveException Wrong(string wanted) =>
        new(HiveErrors.WrongType, $"The value {Name} of {Key.Path} is no {wanted}, but of type {(uint)Type} with {Size} bytes.", Key.HiveName);
}
