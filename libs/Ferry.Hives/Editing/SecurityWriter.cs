using Ferry.Hives.Cells;
using Ferry.Hives.Keys;

namespace Ferry.Hives.Editing;

/// <summary>Counts the keys that share a security descriptor, and keeps the ring of all descriptors.</summary>
internal sealed class SecurityWriter(KeyReader keys)
{
    private readonly CellStore _cells = keys.Cells;

    public void Add(int security)
    {
        if (security != CellStore.Nil)
        {
            var node = keys.Security(security);
            node.References++;
        }
    }

    public void Release(int security)
    {
        if (security == CellStore.Nil)
        {
            return;
        }

        var node = keys.Security(security);
        if (--node.References > 0)
        {
            return;
        }

        var previous = keys.Security(node.Previous);
        var next = keys.Security(node.Next);
        previous.Next = node.Next;
        next.Previous = node.Previous;
        _cells.Free(security);
    }

    /// <summary>The descriptor's place with one reference more, in the ring of another.</summary>
    public int FindOrAdd(int ring, byte[] descriptor)
    {
        for (var at = ring; at != CellStore.Nil;)
        {
            var node = keys.Security(at);
            if (node.Descriptor.SequenceEqual(descriptor))
            {
                node.References++;
                return at;
            }

            at = node.Next == ring ? CellStore.Nil : node.Next;
        }

        return Append(ring, descriptor);
    }

    private int Append(int ring, byte[] descriptor)
    {
        var added = _cells.Allocate(SecurityNode.Size + descriptor.Length);
        var cell = _cells.Cell(added);
        SecurityNode.WriteSignature(cell);
        var node = new SecurityNode(cell) { References = 1, Length = descriptor.Length, Next = added, Previous = added };
        descriptor.CopyTo(node.Descriptor);
        if (ring != CellStore.Nil)
        {
            var before = keys.Security(ring);
            node.Previous = ring;
            node.Next = before.Next;
            var after = keys.Security(before.Next);
            before.Next = added;
            after.Previous = added;
        }

        return added;
    }
}
