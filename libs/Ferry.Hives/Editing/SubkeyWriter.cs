using Ferry.Hives.Cells;
using Ferry.Hives.Keys;

namespace Ferry.Hives.Editing;

/// <summary>Changes lists of subkeys, which stay sorted; a list that grows beyond what Windows puts into one becomes a list of lists.</summary>
internal sealed class SubkeyWriter(KeyReader keys)
{
    /// <summary>The most entries that an insertion leaves in a list.</summary>
    public const int MostEntries = 507;

    /// <summary>The first minor version whose lists hold hashes.</summary>
    public const int FirstMinorWithHashes = 5;

    /// <summary>Room for more entries in a list that is written anew.</summary>
    private const int Spare = 3;

    private readonly CellStore _cells = keys.Cells;

    public void Insert(int key, int index, int child, string name)
    {
        var leaves = keys.Leaves(key);
        if (leaves.Length == 0)
        {
            var kind = _cells.Header.Minor >= FirstMinorWithHashes ? SubkeyLeafKind.Hashed : SubkeyLeafKind.Fast;
            var only = Write(CellStore.Nil, kind, [(child, SubkeyLeaf.TagOf(kind, name))]);
            SetList(key, only);
        }
        else
        {
            var (at, within) = Locate(leaves, index);
            InsertInto(key, leaves, at, within, child, name);
        }

        var node = keys.Node(key);
        node.SubkeyCount++;
    }

    public void Remove(int key, int index)
    {
        var leaves = keys.Leaves(key);
        var (at, within) = Locate(leaves, index + 1);
        within--;
        var leaf = keys.Leaf(leaves[at]);
        var node = keys.Node(key);
        node.SubkeyCount--;
        if (leaf.Count > 1)
        {
            leaf.Move(within + 1, within, leaf.Count - within - 1);
            leaf.Count--;
            return;
        }

        var list = keys.Node(key).Subkeys;
        _cells.Free(leaves[at]);
        if (list == leaves[at])
        {
            SetList(key, CellStore.Nil);
        }
        else if (leaves.Length == 1)
        {
            _cells.Free(list);
            SetList(key, CellStore.Nil);
        }
        else
        {
            var root = keys.Leaf(list);
            root.Move(at + 1, at, root.Count - at - 1);
            root.Count--;
        }
    }

    public void FreeLists(int key)
    {
        var leaves = keys.Leaves(key);
        var list = leaves.Length == 0 ? CellStore.Nil : keys.Node(key).Subkeys;
        foreach (var leaf in leaves)
        {
            _cells.Free(leaf);
        }

        if (list != CellStore.Nil && !leaves.Contains(list))
        {
            _cells.Free(list);
        }
    }

    /// <summary>The list where an entry before which <paramref name="index"/> others stand belongs, and its place there.</summary>
    private (int Leaf, int Within) Locate(int[] leaves, int index)
    {
        for (var i = 0; i < leaves.Length - 1; i++)
        {
            var count = keys.Leaf(leaves[i]).Count;
            if (index <= count)
            {
                return (i, index);
            }

            index -= count;
        }

        return (leaves.Length - 1, index);
    }

    private void InsertInto(int key, int[] leaves, int at, int within, int child, string name)
    {
        var entries = Read(leaves[at], out var kind);
        entries.Insert(within, (child, SubkeyLeaf.TagOf(kind, name)));
        if (entries.Count <= MostEntries)
        {
            Replace(key, leaves[at], at, Write(leaves[at], kind, entries));
            return;
        }

        var half = entries.Count / 2;
        var second = Write(CellStore.Nil, kind, entries[half..]);
        var first = Write(leaves[at], kind, entries[..half]);
        Replace(key, leaves[at], at, first);
        var list = keys.Node(key).Subkeys;
        var roots = keys.Leaf(list).Kind == SubkeyLeafKind.Root ? Read(list, out _) : [(first, 0)];
        roots.Insert(at + 1, (second, 0));
        if (roots.Count > ushort.MaxValue)
        {
            throw _cells.TooLarge();
        }

        SetList(key, Write(list == first ? CellStore.Nil : list, SubkeyLeafKind.Root, roots));
    }

    private List<(int Offset, uint Tag)> Read(int offset, out SubkeyLeafKind kind)
    {
        var leaf = keys.Leaf(offset);
        kind = leaf.Kind;
        var entries = new List<(int, uint)>();
        for (var i = 0; i < leaf.Count; i++)
        {
            entries.Add((leaf[i], leaf.EntrySize > sizeof(int) ? leaf.Tag(i) : 0));
        }

        return entries;
    }

    /// <summary>Writes a list into its cell, or into a larger one.</summary>
    private int Write(int offset, SubkeyLeafKind kind, List<(int Offset, uint Tag)> entries)
    {
        var target = offset;
        if (offset == CellStore.Nil || _cells.Cell(offset).Length < SubkeyLeaf.Room(kind, entries.Count))
        {
            target = _cells.Allocate(SubkeyLeaf.Room(kind, entries.Count + Spare));
        }

        var leaf = new SubkeyLeaf(_cells.Cell(target));
        leaf.Start(kind, entries.Count);
        for (var i = 0; i < entries.Count; i++)
        {
            leaf.Set(i, entries[i].Offset, entries[i].Tag);
        }

        if (offset != CellStore.Nil && target != offset)
        {
            _cells.Free(offset);
        }

        _cells.IsChanged = true;
        return target;
    }

    private void Replace(int key, int old, int at, int leaf)
    {
        if (keys.Node(key).Subkeys == old)
        {
            SetList(key, leaf);
        }
        else
        {
            var root = keys.Leaf(keys.Node(key).Subkeys);
            root.Set(at, leaf, 0);
        }
    }

    private void SetList(int key, int list)
    {
        var node = keys.Node(key);
        node.Subkeys = list;
    }
}
