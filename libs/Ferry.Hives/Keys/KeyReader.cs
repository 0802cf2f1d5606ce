using System.Buffers.Binary;
using Ferry.Hives.Cells;
using Ferry.Hives.Values;

namespace Ferry.Hives.Keys;

/// <summary>Reads keys; believes nothing that it has not compared.</summary>
internal sealed class KeyReader(CellStore cells)
{
    /// <summary>The deepest that keys may be nested, as in Windows.</summary>
    public const int Deepest = 512;

    public CellStore Cells { get; } = cells;

    public KeyNode Node(int offset)
    {
        var node = new KeyNode(Cells.Cell(offset, KeyNode.Size));
        return node.HasSignature && node.IsNameInCell ? node : throw Cells.Corrupt(offset, "There is no key where one should be.");
    }

    public string NameOf(int offset)
    {
        var node = Node(offset);
        return HiveNames.Decode(node.Name, (node.Flags & KeyNode.CompressedName) != 0);
    }

    public string? ClassOf(int offset)
    {
        var node = Node(offset);
        return node.Class == CellStore.Nil || node.ClassLength == 0 ? null : HiveText.Decode(Cells.Cell(node.Class, node.ClassLength)[..node.ClassLength]);
    }

    public SecurityNode Security(int offset)
    {
        var node = new SecurityNode(Cells.Cell(offset, SecurityNode.Size));
        return node.HasSignature && node.IsInCell ? node : throw Cells.Corrupt(offset, "There is no security descriptor where one should be.");
    }

    public SubkeyLeaf Leaf(int offset)
    {
        var leaf = new SubkeyLeaf(Cells.Cell(offset, SubkeyLeaf.HeaderSize));
        return leaf.Kind != SubkeyLeafKind.None && leaf.IsInCell ? leaf : throw Cells.Corrupt(offset, "There is no list of subkeys where one should be.");
    }

    /// <summary>The lists of a key's subkeys in their order; a key with few has one.</summary>
    public int[] Leaves(int key)
    {
        var node = Node(key);
        if (node.SubkeyCount == 0)
        {
            return [];
        }

        var list = Leaf(node.Subkeys);
        if (list.Kind != SubkeyLeafKind.Root)
        {
            return [node.Subkeys];
        }

        var leaves = new int[list.Count];
        for (var i = 0; i < leaves.Length; i++)
        {
            leaves[i] = list[i];
            if (Leaf(list[i]).Kind == SubkeyLeafKind.Root)
            {
                throw Cells.Corrupt(list[i], "A list of lists holds another.");
            }
        }

        return leaves;
    }

    /// <summary>
    /// The subkeys of a key in their order. Each is listed once, names this key as its parent and is not the root: so keys are a tree, and walking it comes to an end.
    /// </summary>
    public List<int> Subkeys(int key, int root)
    {
        var count = Node(key).SubkeyCount;
        var found = new List<int>();
        var seen = new HashSet<int>();
        foreach (var leaf in Leaves(key))
        {
            var list = Leaf(leaf);
            for (var i = 0; i < list.Count; i++)
            {
                var child = list[i];
                if (child == root || !seen.Add(child))
                {
                    throw Cells.Corrupt(leaf, "A list of subkeys holds a key twice, or the root.");
                }

                if (Node(child).Parent != key)
                {
                    throw Cells.Corrupt(child, "A key is listed by another key than its parent.");
                }

                found.Add(child);
            }
        }

        return found.Count == count ? found : throw Cells.Corrupt(key, $"A key counts {count} subkeys, its lists have {found.Count}.");
    }

    /// <summary>The values of a key in their order.</summary>
    public int[] Values(int key)
    {
        var node = Node(key);
        if (node.ValueCount == 0 || (node.Flags & KeyNode.PredefinedHandle) != 0)
        {
            return [];
        }

        if (node.ValueCount < 0)
        {
            throw Cells.Corrupt(key, $"A key counts {(uint)node.ValueCount} values.");
        }

        var list = Cells.Cell(node.Values);
        if (node.ValueCount > list.Length / sizeof(int))
        {
            throw Cells.Corrupt(node.Values, $"A list of {node.ValueCount} values does not fit its cell.");
        }

        var values = new int[node.ValueCount];
        var seen = new HashSet<int>();
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = BinaryPrimitives.ReadInt32LittleEndian(list[(i * sizeof(int))..]);
            if (!seen.Add(values[i]))
            {
                throw Cells.Corrupt(node.Values, "A list of values holds one twice.");
            }
        }

        return values;
    }

    public ValueNode Value(int offset)
    {
        var node = new ValueNode(Cells.Cell(offset, ValueNode.Size));
        return node.HasSignature && node.IsNameInCell ? node : throw Cells.Corrupt(offset, "There is no value where one should be.");
    }

    public string ValueName(int offset)
    {
        var node = Value(offset);
        return HiveNames.Decode(node.Name, (node.Flags & ValueNode.CompressedName) != 0);
    }
}
