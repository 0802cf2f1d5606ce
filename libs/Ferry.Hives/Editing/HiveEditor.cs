using Ferry.Hives.Cells;
using Ferry.Hives.Keys;
using Ferry.Hives.Values;

namespace Ferry.Hives.Editing;

/// <summary>
/// Changes keys. What is allocated may move the bins in memory: nodes are fetched again after it, never kept. Structures that an edit does not concern keep their cells and bytes.
/// </summary>
internal sealed class HiveEditor(Hive hive)
{
    private readonly CellStore _cells = hive.Cells;
    private readonly KeyReader _keys = hive.Keys;
    private readonly SubkeyWriter _subkeys = new(hive.Keys);
    private readonly ValueWriter _values = new(hive.Keys);
    private readonly SecurityWriter _security = new(hive.Keys);

    private ulong Now => (ulong)hive.Time.GetUtcNow().UtcDateTime.ToFileTimeUtc();

    public int CreateKey(int parent, int index, string name)
    {
        var encoded = HiveNames.Encode(name);
        var offset = _cells.Allocate(KeyNode.Size + encoded.Length);
        var security = _keys.Node(parent).Security;
        var cell = _cells.Cell(offset);
        KeyNode.WriteSignature(cell);
        var node = new KeyNode(cell)
        {
            Flags = HiveNames.IsCompressible(name) ? KeyNode.CompressedName : (ushort)0,
            Time = Now,
            Parent = parent,
            Subkeys = CellStore.Nil,
            VolatileSubkeys = CellStore.Nil,
            Values = CellStore.Nil,
            Security = security,
            Class = CellStore.Nil,
            NameLength = (ushort)encoded.Length,
        };
        encoded.CopyTo(node.Name);
        _security.Add(security);
        _subkeys.Insert(parent, index, offset, name);
        var above = _keys.Node(parent);
        above.LongestSubkeyName = (ushort)Math.Max(above.LongestSubkeyName, 2 * name.Length);
        above.Time = Now;
        return offset;
    }

    public void DeleteKey(int parent, int index, int key)
    {
        _subkeys.Remove(parent, index);
        FreeTree(key, 0);
        var node = _keys.Node(parent);
        node.Time = Now;
    }

    public void SetValue(int key, int value, HiveValueType type, byte[] data)
    {
        _values.SetData(value, (uint)type, data);
        Touch(key, 0, data.Length);
    }

    public void AddValue(int key, string name, HiveValueType type, byte[] data)
    {
        if ((_keys.Node(key).Flags & KeyNode.PredefinedHandle) != 0)
        {
            throw new HiveException(HiveErrors.NotEditable, "A key that stands for a predefined handle has no values.", hive.Name, BaseBlock.Size + (long)key);
        }

        _values.Add(key, name, (uint)type, data);
        Touch(key, 2 * name.Length, data.Length);
    }

    public void DeleteValue(int key, int index)
    {
        _values.Remove(key, index);
        Touch(key, 0, 0);
    }

    public void SetSecurity(int key, byte[] descriptor)
    {
        var old = _keys.Node(key).Security;
        var security = _security.FindOrAdd(old == CellStore.Nil ? _keys.Node(hive.RootOffset).Security : old, descriptor);
        var node = _keys.Node(key);
        node.Security = security;
        node.Time = Now;
        _security.Release(old);
    }

    public void SetClass(int key, string? name)
    {
        var old = _keys.Node(key);
        if (old.Class != CellStore.Nil && old.ClassLength > 0)
        {
            _cells.Free(old.Class);
        }

        var encoded = HiveText.Encode(name);
        var at = encoded.Length == 0 ? CellStore.Nil : _cells.Allocate(encoded.Length);
        if (at != CellStore.Nil)
        {
            encoded.CopyTo(_cells.Cell(at));
        }

        var node = _keys.Node(key);
        node.Class = at;
        node.ClassLength = (ushort)encoded.Length;
        node.Time = Now;
        if (_keys.Node(key).Parent is var parent && _cells.IsAllocated(parent) && key != hive.RootOffset)
        {
            var above = _keys.Node(parent);
            above.LongestClass = Math.Max(above.LongestClass, encoded.Length);
        }

        _cells.IsChanged = true;
    }

    private void Touch(int key, int nameBytes, int dataBytes)
    {
        var node = _keys.Node(key);
        node.LongestValueName = Math.Max(node.LongestValueName, nameBytes);
        node.LongestData = Math.Max(node.LongestData, dataBytes);
        node.Time = Now;
        _cells.IsChanged = true;
    }

    private void FreeTree(int key, int depth)
    {
        if (depth > KeyReader.Deepest)
        {
            throw _cells.Corrupt(key, $"Keys are nested more than {KeyReader.Deepest} deep.");
        }

        foreach (var child in _keys.Subkeys(key, hive.RootOffset))
        {
            FreeTree(child, depth + 1);
        }

        _subkeys.FreeLists(key);
        _values.FreeAll(key);
        var node = _keys.Node(key);
        if (node.Class != CellStore.Nil && node.ClassLength > 0)
        {
            _cells.Free(node.Class);
        }

        _security.Release(_keys.Node(key).Security);
        _cells.Free(key);
    }
}
