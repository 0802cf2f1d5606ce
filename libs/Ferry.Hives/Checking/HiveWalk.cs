using Ferry.Hives.Cells;
using Ferry.Hives.Editing;
using Ferry.Hives.Keys;
using Ferry.Hives.Values;

namespace Ferry.Hives.Checking;

/// <summary>One check.</summary>
internal sealed class HiveWalk(Hive hive)
{
    private const int MostReferences = int.MaxValue / 2;

    private readonly CellStore _cells = hive.Cells;
    private readonly KeyReader _reader = hive.Keys;
    private readonly ProblemList _problems = new();
    private readonly CellBits _reached = new(hive.Cells.BinsSize / CellStore.Alignment);
    private readonly Dictionary<int, int> _security = [];
    private int _keys;
    private int _values;

    public HiveCheckResult Run()
    {
        var open = new Stack<(int Key, int Depth)>();
        open.Push((hive.RootOffset, 0));
        while (open.TryPop(out var next))
        {
            _problems.Try(next.Key, () => CheckKey(next.Key, next.Depth, open));
        }

        CheckSecurity();
        var (free, lost) = CheckCells();
        return new HiveCheckResult
        {
            Keys = _keys,
            Values = _values,
            SecurityDescriptors = _security.Count,
            FreeBytes = free,
            LostBytes = lost,
            ErrorCount = _problems.Errors,
            WarningCount = _problems.Warnings,
            Problems = _problems.Listed,
        };
    }

    private void CheckKey(int key, int depth, Stack<(int Key, int Depth)> open)
    {
        _keys++;
        Reach(key);
        var node = _reader.Node(key);
        if (key == hive.RootOffset && (node.Flags & KeyNode.RootFlags) == 0)
        {
            _problems.Warn(key, "The root has no flag that says so.");
        }

        if (node.Class != CellStore.Nil && node.ClassLength > 0)
        {
            _reader.ClassOf(key);
            Reach(node.Class);
        }

        if (node.Security != CellStore.Nil)
        {
            _security[node.Security] = _security.GetValueOrDefault(node.Security) + 1;
        }

        _problems.Try(key, () => CheckValues(key));
        var children = _reader.Subkeys(key, hive.RootOffset);
        if (children.Count > 0 && depth >= KeyReader.Deepest)
        {
            _problems.Error(key, $"Keys are nested more than {KeyReader.Deepest} deep.");
            return;
        }

        CheckLists(key, children);
        foreach (var child in children)
        {
            open.Push((child, depth + 1));
        }
    }

    private void CheckLists(int key, List<int> children)
    {
        if (children.Count == 0)
        {
            return;
        }

        var names = children.ConvertAll(_reader.NameOf);
        for (var i = 1; i < names.Count; i++)
        {
            if (HiveNames.Order.Compare(names[i - 1], names[i]) >= 0)
            {
                _problems.Error(children[i], "Subkeys are not in their order, or two have one name.");
                break;
            }
        }

        var longest = 2 * names.Max(x => x.Length);
        if (_reader.Node(key).LongestSubkeyName < longest)
        {
            _problems.Warn(key, "A key says that its subkeys have shorter names than one has.");
        }

        var leaves = _reader.Leaves(key);
        var list = _reader.Node(key).Subkeys;
        if (!leaves.Contains(list))
        {
            Reach(list);
        }

        var at = 0;
        foreach (var leaf in leaves)
        {
            Reach(leaf);
            CheckLeaf(leaf, names, ref at);
        }
    }

    private void CheckLeaf(int offset, List<string> names, ref int at)
    {
        var leaf = _reader.Leaf(offset);
        if (leaf.Count == 0)
        {
            _problems.Warn(offset, "A list of subkeys is empty.");
        }

        if (leaf.Kind == SubkeyLeafKind.Hashed && _cells.Header.Minor < SubkeyWriter.FirstMinorWithHashes)
        {
            _problems.Warn(offset, "A list of subkeys has hashes, which the hive's version does not know.");
        }

        for (var i = 0; i < leaf.Count; i++, at++)
        {
            var isRight = leaf.Kind switch
            {
                SubkeyLeafKind.Hashed => leaf.Tag(i) == HiveNames.Hash(names[at]),
                SubkeyLeafKind.Fast => (byte)leaf.Tag(i) == 0 || leaf.Tag(i) == HiveNames.Hint(names[at]),
                _ => true,
            };
            if (!isRight)
            {
                _problems.Warn(offset, "A list of subkeys has a wrong hash or hint.");
                at += leaf.Count - i;
                return;
            }
        }
    }

    private void CheckValues(int key)
    {
        var values = _reader.Values(key);
        if (values.Length == 0)
        {
            return;
        }

        Reach(_reader.Node(key).Values);
        foreach (var value in values)
        {
            _values++;
            Reach(value);
            var name = 2 * _reader.ValueName(value).Length;
            var size = _reader.Value(value).DataSize;
            if (name > _reader.Node(key).LongestValueName || size > _reader.Node(key).LongestData)
            {
                _problems.Warn(key, "A key says that its values have shorter names or data than one has.");
            }

            _problems.Try(value, () => CheckData(value));
        }
    }

    private void CheckData(int value)
    {
        var node = _reader.Value(value);
        DataReader.Check(_reader, value);
        if (node.IsInline || node.DataSize == 0)
        {
            return;
        }

        Reach(node.Data);
        if (DataReader.IsBig(_cells, node.DataSize))
        {
            var (list, segments) = DataReader.Segments(_cells, node.Data, node.DataSize);
            Reach(list);
            foreach (var segment in segments)
            {
                Reach(segment);
            }
        }
    }

    private void CheckSecurity()
    {
        foreach (var (security, count) in _security)
        {
            _problems.Try(security, () =>
            {
                Reach(security);
                var node = _reader.Security(security);

                // A count that an edit could make overflow is as bad as one that is too low.
                if (node.References < count || node.References > MostReferences)
                {
                    _problems.Error(security, $"A security descriptor counts {node.References} keys, {count} have it.");
                }
                else if (node.References > count)
                {
                    _problems.Warn(security, $"A security descriptor counts {node.References} keys, {count} have it.");
                }

                if (_reader.Security(node.Next).Previous != security || _reader.Security(node.Previous).Next != security)
                {
                    _problems.Error(security, "The ring of security descriptors is broken.");
                }
            });
        }

        if (_security.Count > 0 && _problems.Errors == 0)
        {
            var first = _security.Keys.First();
            _problems.Try(first, () => CheckRing(first));
        }
    }

    /// <summary>All descriptors are in one ring; what else is in it, no key has.</summary>
    private void CheckRing(int first)
    {
        var seen = new HashSet<int>();
        for (var at = first; seen.Add(at); at = _reader.Security(at).Next)
        {
            var next = _reader.Security(at).Next;
            if (_reader.Security(next).Previous != at)
            {
                _problems.Error(at, "The ring of security descriptors is broken.");
                return;
            }
        }

        foreach (var security in _security.Keys.Where(x => !seen.Contains(x)))
        {
            _problems.Error(security, "A security descriptor is not in the ring of the others.");
        }
    }

    private (long Free, long Lost) CheckCells()
    {
        var (free, lost) = (0L, 0L);
        foreach (var (offset, size, isAllocated) in _cells.Cells())
        {
            if (!isAllocated)
            {
                free += size;
            }
            else if (!_reached[offset / CellStore.Alignment])
            {
                lost += size;
                _problems.Warn(offset, "Nothing leads to a cell that is allocated.");
            }
        }

        return (free, lost);
    }

    private void Reach(int offset)
    {
        _cells.Cell(offset);
        if (_reached[offset / CellStore.Alignment])
        {
            _problems.Error(offset, "Two references lead to one cell.");
        }

        _reached[offset / CellStore.Alignment] = true;
    }
}
