using Ferry.Hives;

namespace Ferry.Fixup.Planning;

/// <summary>Collects what a rule changes in one hive; what is there already is left out. Changes nothing itself.</summary>
/// <param name="file">Canonical path of the hive's file in the guest.</param>
/// <param name="hive">The hive as earlier rules leave it.</param>
public sealed class RegistryEditor(string file, Hive hive)
{
    private readonly List<RegistryEdit> _edits = [];

    /// <summary>The hive.</summary>
    public Hive Hive { get; } = hive;

    /// <summary>What has to be done.</summary>
    public IReadOnlyList<RegistryEdit> Edits => _edits;

    /// <summary>A number of 32 bits.</summary>
    public void SetDWord(string key, string name, uint number) => Set(key, name, HiveValueType.DWord, HiveData.OfDWord(number));

    /// <summary>A string.</summary>
    public void SetString(string key, string name, string text) => Set(key, name, HiveValueType.Sz, HiveData.OfString(text));

    /// <summary>Strings.</summary>
    public void SetStrings(string key, string name, params IEnumerable<string> texts) => Set(key, name, HiveValueType.MultiSz, HiveData.OfStrings(texts));

    /// <summary>A value of any type.</summary>
    public void Set(string key, string name, HiveValueType type, byte[] data)
    {
        var old = Hive.Find(key)?.Value(name);
        if (old is not null && old.Type == type && old.GetData().AsSpan().SequenceEqual(data))
        {
            return;
        }

        var summary = $"{key}: {Shown(name)} {(old is null ? "(none)" : RegistryText.Of(old.Type, old.GetData()))} -> {RegistryText.Of(type, data)}";
        _edits.Add(new RegistryEdit { Hive = file, Action = RegistryAction.SetValue, Key = key, Value = name, Type = type, Data = data, Summary = summary });
    }

    /// <summary>Deletes a value.</summary>
    public void DeleteValue(string key, string name)
    {
        if (Hive.Find(key)?.Value(name) is { } old)
        {
            var summary = $"{key}: {Shown(name)} {RegistryText.Of(old.Type, old.GetData())} removed";
            _edits.Add(new RegistryEdit { Hive = file, Action = RegistryAction.DeleteValue, Key = key, Value = name, Summary = summary });
        }
    }

    /// <summary>Deletes a key with everything below it.</summary>
    public void DeleteKey(string key)
    {
        if (Hive.Find(key) is { } old)
        {
            var values = string.Join(", ", old.Values.Select(v => $"{Shown(v.Name)} {RegistryText.Of(v.Type, v.GetData())}"));
            var summary = values.Length == 0 ? $"{key} removed" : $"{key} removed ({values})";
            _edits.Add(new RegistryEdit { Hive = file, Action = RegistryAction.DeleteKey, Key = key, Summary = summary });
        }
    }

    private static string Shown(string name) => name.Length == 0 ? "(default)" : name;
}
