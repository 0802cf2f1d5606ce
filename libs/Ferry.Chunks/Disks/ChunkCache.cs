using System.Buffers;
using Ferry.Chunks.Store;

namespace Ferry.Chunks.Disks;

/// <summary>The chunks that were read last, decompressed. Several readers of one chunk load it once. Bounded; buffers are pooled.</summary>
internal sealed class ChunkCache(IChunkStore store, int capacity) : IDisposable
{
    private readonly Lock gate = new();
    private readonly Dictionary<ChunkId, LinkedListNode<Slot>> slots = [];
    private readonly LinkedList<Slot> order = new();
    private bool disposed;

    /// <summary>Copies a part of a chunk.</summary>
    /// <param name="id">The chunk.</param>
    /// <param name="length">Length that the whole chunk must have.</param>
    /// <param name="offset">Where the part begins.</param>
    /// <param name="destination">The part.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public async ValueTask CopyAsync(ChunkId id, int length, int offset, Memory<byte> destination, CancellationToken cancellationToken)
    {
        Slot slot = Take(id, length);
        try
        {
            await slot.Load.WaitAsync(cancellationToken);
            slot.Buffer.AsMemory(offset, destination.Length).CopyTo(destination);
        }
        finally
        {
            GiveBack(slot);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (gate)
        {
            disposed = true;
            for (LinkedListNode<Slot>? node = order.First; node is not null; node = order.First)
            {
                Drop(node);
            }
        }
    }

    private Slot Take(ChunkId id, int length)
    {
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(disposed, this);
            if (slots.TryGetValue(id, out LinkedListNode<Slot>? node))
            {
                // A load that failed is tried again: the chunk may have been mended meanwhile.
                if (!node.Value.Load.IsFaulted)
                {
                    order.Remove(node);
                    order.AddFirst(node);
                    node.Value.Users++;
                    return node.Value;
                }

                Drop(node);
            }

            var slot = new Slot(id, ArrayPool<byte>.Shared.Rent(length)) { Users = 2 };
            slot.Load = LoadAsync(slot, length);
            slots[id] = order.AddFirst(slot);
            while (order.Count > capacity)
            {
                Drop(order.Last!);
            }

            return slot;
        }
    }

    /// <summary>The load counts as a user, so that its buffer is not given back while it is being filled.</summary>
    private async Task LoadAsync(Slot slot, int length)
    {
        await Task.Yield();
        try
        {
            int read = await store.ReadAsync(slot.Id, slot.Buffer.AsMemory(0, length), CancellationToken.None);
            if (read != length)
            {
                throw new ChunkStoreException(ChunkStoreErrors.BadManifest, $"The manifest needs a chunk of {length} bytes and names one of {read}.", slot.Id.ToString());
            }
        }
        finally
        {
            GiveBack(slot);
        }
    }

    private void GiveBack(Slot slot)
    {
        lock (gate)
        {
            slot.Users--;
            ReturnIfUnused(slot);
        }
    }

    private void Drop(LinkedListNode<Slot> node)
    {
        order.Remove(node);
        slots.Remove(node.Value.Id);
        node.Value.Dropped = true;
        ReturnIfUnused(node.Value);
    }

    private static void ReturnIfUnused(Slot slot)
    {
        if (slot is { Dropped: true, Users: 0, Returned: false })
        {
            slot.Returned = true;
            ArrayPool<byte>.Shared.Return(slot.Buffer);
        }
    }

    private sealed class Slot(ChunkId id, byte[] buffer)
    {
        public ChunkId Id { get; } = id;

        public byte[] Buffer { get; } = buffer;

        public Task Load { get; set; } = Task.CompletedTask;

        public int Users { get; set; }

        public bool Dropped { get; set; }

        public bool Returned { get; set; }
    }
}
