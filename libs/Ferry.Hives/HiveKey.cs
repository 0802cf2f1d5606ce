using Ferry.Hives.Keys;

namespace Ferry.Hives;

/// <summary>
/// A key of a hive. The same key is always the same object. Names are compared as Windows does; of several values with one name the first counts.
/// Every member throws a <see cref="HiveException"/> where it meets damage, and <see cref="InvalidOperationException"/> where the key was deleted.
/// </summary>
public sealed class HiveKey
{
    private readonly Hive _hive;
    private readonly int _depth;
    private List<HiveKey>? _subkeys;
    private List<HiveValue>? _values;
    private bool _isSorted;

    internal HiveKey(Hive hive, int offset, HiveKey? parent, string name)
    {
        _hive = hive;
        Offset = offset;
        Parent = parent;
        Name = name;
        _depth = parent is null ? 0 : parent._depth + 1;
    }

    /// <summary>The name; it may hold any character.</summary>
    public string Name { get; }

    /// <summary>The key that this one is in; null for the root.</summary>
    public HiveKey? Parent { get; }

    /// <summary>The names from below the root to this key, with \ between; empty for the root.</summary>
    public string Path => Parent is null ? "" : Parent.Parent is null ? Name : $"{Parent.Path}\\{Name}";

    /// <summary>Whether the key was deleted.</summary>
    public bool IsDeleted { get; private set; }

    /// <summary>When the key or its values were last changed, in UTC; null where what stands there is no time.</summary>
    public DateTime? LastWritten => Node.Time <= (ulong)DateTime.MaxValue.ToFileTimeUtc() ? DateTime.FromFileTimeUtc((long)Node.Time) : null;

    /// <summary>The class name, or null.</summary>
    public string? ClassName => _hive.Keys.ClassOf(Live);

    /// <summary>Whether the key is a symbolic link, whose target its value SymbolicLinkValue names. Links are not followed.</summary>
    public bool IsSymbolicLink => (Node.Flags & KeyNode.SymbolicLink) != 0;

    /// <summary>The subkeys in their order. A change of the key makes a new list.</summary>
    public IReadOnlyList<HiveKey> Subkeys => LoadSubkeys();

    /// <summary>The values in their order; that of the empty name is the default value. A change of the key makes a new list.</summary>
    public IReadOnlyList<HiveValue> Values => LoadValues();

    /// <summary>A copy of the security descriptor, self-relative; empty where the key has none.</summary>
    public byte[] SecurityDescriptor => Node.Security == Cells.CellStore.Nil ? [] : _hive.Keys.Security(Node.Security).Descriptor.ToArray();

    internal int Offset { get; }

    internal string HiveName => _hive.Name;

    private KeyNode Node => _hive.Keys.Node(Live);

    private int Live => !IsDeleted ? Offset : throw new InvalidOperationException($"The key {Name} was deleted.");

    /// <summary>A key below this one, or null.</summary>
    /// <param name="path">Its path from here, with \ between names; empty for this one.</param>
    public HiveKey? Find(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        var key = this;
        foreach (var name in path.Split('\\', StringSplitOptions.RemoveEmptyEntries))
        {
            var (index, found) = key.IndexOf(name);
            if (!found)
            {
                return null;
            }

            key = key.LoadSubkeys()[index];
        }

        return key;
    }

    /// <summary>A value, or null.</summary>
    /// <param name="name">Its name; empty for the default value.</param>
    public HiveValue? Value(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return LoadValues().Find(x => HiveNames.AreEqual(x.Name, name));
    }

    /// <summary>Makes a key, and those on the way to it; those that are there are not changed. New keys share the security descriptor of their parent.</summary>
    /// <param name="path">The path from here, with \ between names of 1 to 255 characters.</param>
    /// <returns>The key, new or not.</returns>
    /// <exception cref="ArgumentException">A name is too long or holds NUL.</exception>
    public HiveKey Create(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        var key = this;
        foreach (var name in path.Split('\\', StringSplitOptions.RemoveEmptyEntries))
        {
            key = key.CreateChild(name);
        }

        return key;
    }

    /// <summary>Deletes a subkey with all that is in it.</summary>
    /// <param name="path">The path from here.</param>
    /// <returns>False where there is none.</returns>
    public bool Delete(string path)
    {
        var key = Find(path);
        if (key?.Parent is not { } parent)
        {
            return key is null ? false : throw new ArgumentException("The root cannot be deleted.", nameof(path));
        }

        var (index, _) = parent.IndexOf(key.Name);
        _hive.Edit(editor => editor.DeleteKey(parent.Offset, index, key.Offset));
        parent._subkeys = [.. parent._subkeys!.Where(x => x != key)];
        key.MarkDeleted();
        return true;
    }

    /// <summary>Sets a value. Nothing changes, not even a time, where it has that type and data already.</summary>
    /// <param name="name">Up to 16383 characters; empty for the default value.</param>
    /// <param name="type">Any type.</param>
    /// <param name="data">Its data; see <see cref="HiveData"/> for those of each type.</param>
    /// <exception cref="ArgumentException">The name is too long.</exception>
    public void Set(string name, HiveValueType type, ReadOnlySpan<byte> data)
    {
        var value = Value(name);
        if (value is not null && value.Type == type && value.Size == data.Length && value.GetData().AsSpan().SequenceEqual(data))
        {
            return;
        }

        if (name.Length > HiveNames.LongestValue)
        {
            throw new ArgumentException($"A value's name has at most {HiveNames.LongestValue} characters.", nameof(name));
        }

        var bytes = data.ToArray();
        if (value is not null)
        {
            _hive.Edit(editor => editor.SetValue(Live, value.Offset, type, bytes));
            value.Reload();
            return;
        }

        _hive.Edit(editor => editor.AddValue(Live, name, type, bytes));
        _values = [.. _values!, new HiveValue(_hive, this, _hive.Keys.Values(Offset)[^1])];
    }

    /// <summary>Deletes a value.</summary>
    /// <param name="name">Its name; empty for the default value.</param>
    /// <returns>False where there is none.</returns>
    public bool DeleteValue(string name)
    {
        if (Value(name) is not { } value)
        {
            return false;
        }

        _hive.Edit(editor => editor.DeleteValue(Live, _values!.IndexOf(value)));
        _values = [.. _values!.Where(x => x != value)];
        value.IsDeleted = true;
        return true;
    }

    /// <summary>Sets the security descriptor of this key alone; the same descriptor is stored once for all keys that have it.</summary>
    /// <param name="descriptor">A self-relative security descriptor.</param>
    /// <exception cref="ArgumentException">It is none.</exception>
    public void SetSecurityDescriptor(ReadOnlySpan<byte> descriptor)
    {
        const int Least = 20;
        if (descriptor.Length < Least || descriptor[0] != 1 || (descriptor[3] & 0x80) == 0)
        {
            throw new ArgumentException("That is no self-relative security descriptor.", nameof(descriptor));
        }

        if (!descriptor.SequenceEqual(SecurityDescriptor))
        {
            var bytes = descriptor.ToArray();
            _hive.Edit(editor => editor.SetSecurity(Live, bytes));
        }
    }

    /// <summary>Sets or removes the class name.</summary>
    /// <param name="name">Up to 32767 characters, or null.</param>
    /// <exception cref="ArgumentException">It is too long.</exception>
    public void SetClassName(string? name)
    {
        if (name?.Length > short.MaxValue)
        {
            throw new ArgumentException($"A class name has at most {short.MaxValue} characters.", nameof(name));
        }

        var wanted = string.IsNullOrEmpty(name) ? null : name;
        if (wanted != ClassName)
        {
            _hive.Edit(editor => editor.SetClass(Live, wanted));
        }
    }

    /// <summary>The path.</summary>
    public override string ToString() => Path;

    private HiveKey CreateChild(string name)
    {
        var (index, found) = IndexOf(name);
        if (found)
        {
            return _subkeys![index];
        }

        if (name.Length > HiveNames.LongestKey || name.Contains('\0', StringComparison.Ordinal) || _depth >= KeyReader.Deepest)
        {
            throw new ArgumentException($"A key's name has at most {HiveNames.LongestKey} characters, none of them NUL, and keys are nested at most {KeyReader.Deepest} deep.", nameof(name));
        }

        var offset = 0;
        _hive.Edit(editor => offset = editor.CreateKey(Live, index, name));
        var key = new HiveKey(_hive, offset, this, name);
        _subkeys = [.. _subkeys![..index], key, .. _subkeys[index..]];
        return key;
    }

    private (int Index, bool Found) IndexOf(string name)
    {
        var subkeys = LoadSubkeys();
        if (!_isSorted)
        {
            var index = subkeys.FindIndex(x => HiveNames.AreEqual(x.Name, name));
            return (Math.Max(0, index), index >= 0);
        }

        var (low, high) = (0, subkeys.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (HiveNames.Order.Compare(subkeys[middle].Name, name) < 0)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return (low, low < subkeys.Count && HiveNames.AreEqual(subkeys[low].Name, name));
    }

    private List<HiveKey> LoadSubkeys()
    {
        if (_subkeys is not null && !IsDeleted)
        {
            return _subkeys;
        }

        var offsets = _hive.Keys.Subkeys(Live, _hive.RootOffset);
        if (offsets.Count > 0 && _depth >= KeyReader.Deepest)
        {
            throw _hive.Cells.Corrupt(Offset, $"Keys are nested more than {KeyReader.Deepest} deep.");
        }

        _subkeys = offsets.ConvertAll(x => new HiveKey(_hive, x, this, _hive.Keys.NameOf(x)));
        _isSorted = _subkeys.Zip(_subkeys.Skip(1)).All(x => HiveNames.Order.Compare(x.First.Name, x.Second.Name) < 0);
        return _subkeys;
    }

    private List<HiveValue> LoadValues()
    {
        if (_values is null || IsDeleted)
        {
            _values = [.. _hive.Keys.Values(Live).Select(x => new HiveValue(_hive, this, x))];
        }

        return _values;
    }

    private void MarkDeleted()
    {
        IsDeleted = true;
        _subkeys?.ForEach(x => x.MarkDeleted());
        _values?.ForEach(x => x.IsDeleted = true);
    }
}
