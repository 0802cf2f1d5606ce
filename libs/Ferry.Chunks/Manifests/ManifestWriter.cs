using System.Buffers;
using Ferry.Chunks.Store;

namespace Ferry.Chunks.Manifests;

/// <summary>Writes a manifest from its entries in order, a page at a time. Not for concurrent use.</summary>
public sealed class ManifestWriter : IDisposable
{
    private readonly IChunkStore store;
    private readonly ManifestHeader header;
    private readonly List<ChunkId> pages = [];
    private readonly ChunkState[] states = ArrayPool<ChunkState>.Shared.Rent(ManifestHeader.EntriesPerPage);
    private byte[] ids = ArrayPool<byte>.Shared.Rent(64 << 10);
    private int count;
    private int idBytes;
    private bool usesOrigin;
    private bool completed;
    private bool disposed;

    internal ManifestWriter(IChunkStore store, long size, int chunkSize, int logicalSectorSize, ManifestOrigin? origin)
    {
        this.store = store;
        header = new ManifestHeader { Size = size, ChunkSize = chunkSize, LogicalSectorSize = logicalSectorSize, Origin = origin, Pages = pages };
    }

    /// <summary>Number of entries appended so far.</summary>
    public long Count { get; private set; }

    /// <summary>Number of entries that the manifest needs.</summary>
    public long ChunkCount => header.ChunkCount;

    /// <summary>Appends the entry of the next chunk.</summary>
    /// <exception cref="ArgumentException">The entry is not possible in this manifest.</exception>
    public ValueTask AppendAsync(ManifestEntry entry, CancellationToken cancellationToken = default) => AppendRunAsync(entry, 1, cancellationToken);

    /// <summary>Appends the same entry for several chunks.</summary>
    /// <exception cref="ArgumentException">The entry is not possible in this manifest, or the disk has fewer chunks.</exception>
    public ValueTask AppendRunAsync(ManifestEntry entry, long run, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        Check(entry, run);
        if (run == 0)
        {
            return ValueTask.CompletedTask;
        }

        usesOrigin |= entry.State.IsAtOrigin();
        Count += run;
        int part = Fill(entry, run);
        return part == run && count < ManifestHeader.EntriesPerPage ? ValueTask.CompletedTask : AppendSlowAsync(entry, run - part, cancellationToken);
    }

    /// <summary>Appends the entries of the same chunks of another manifest.</summary>
    /// <param name="source">The other manifest; the next chunk is taken from where this one stands.</param>
    /// <param name="chunks">Number of chunks.</param>
    /// <param name="cancellationToken">Stops the copying.</param>
    public async ValueTask CopyAsync(ManifestReader source, long chunks, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        await foreach (ManifestRun run in source.ReadRunsAsync(Count, chunks, cancellationToken))
        {
            await AppendRunAsync(run.Entry, run.Count, cancellationToken);
        }
    }

    /// <summary>Stores the root and makes the manifest, and all chunks that were put before, durable.</summary>
    /// <returns>The root id.</returns>
    /// <exception cref="InvalidOperationException">Entries are missing, or the manifest was completed before.</exception>
    public async ValueTask<ChunkId> CompleteAsync(CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        if (completed || Count != ChunkCount)
        {
            throw new InvalidOperationException($"The manifest has {Count} of {ChunkCount} entries and can be completed once.");
        }

        if (count > 0)
        {
            await StorePageAsync(cancellationToken);
        }

        (ChunkId root, _) = await store.PutAsync(ManifestRoot.Write(usesOrigin ? header : header with { Origin = null }), cancellationToken);
        await store.FlushAsync(cancellationToken);
        completed = true;
        return root;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!disposed)
        {
            disposed = true;
            ArrayPool<ChunkState>.Shared.Return(states);
            ArrayPool<byte>.Shared.Return(ids);
        }
    }

    private void Check(ManifestEntry entry, long run)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(run, 0);
        if (run > ChunkCount - Count)
        {
            throw new ArgumentException($"The disk has {ChunkCount} chunks; {Count} and {run} more are too many.", nameof(run));
        }

        if (!Enum.IsDefined(entry.State) || (!entry.State.HasId() && entry.Id != default))
        {
            throw new ArgumentException($"An entry {entry.State} with the id {entry.Id} is not possible.", nameof(entry));
        }

        if (entry.State.IsAtOrigin() && header.Origin is null)
        {
            throw new ArgumentException("The manifest has no origin.", nameof(entry));
        }
    }

    private async ValueTask AppendSlowAsync(ManifestEntry entry, long run, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (count == ManifestHeader.EntriesPerPage)
            {
                await StorePageAsync(cancellationToken);
            }

            if (run == 0)
            {
                return;
            }

            run -= Fill(entry, run);
        }
    }

    private int Fill(ManifestEntry entry, long run)
    {
        int part = (int)Math.Min(run, ManifestHeader.EntriesPerPage - count);
        states.AsSpan(count, part).Fill(entry.State);
        count += part;
        for (int i = 0; i < part && entry.State.HasId(); i++)
        {
            if (ids.Length - idBytes < ChunkId.Size)
            {
                byte[] larger = ArrayPool<byte>.Shared.Rent(2 * ids.Length);
                ids.AsSpan(0, idBytes).CopyTo(larger);
                ArrayPool<byte>.Shared.Return(ids);
                ids = larger;
            }

            entry.Id.WriteTo(ids.AsSpan(idBytes));
            idBytes += ChunkId.Size;
        }

        return part;
    }

    private async ValueTask StorePageAsync(CancellationToken cancellationToken)
    {
        byte[] page = ArrayPool<byte>.Shared.Rent(ManifestPage.MaxSize);
        try
        {
            int length = ManifestPage.Write(states.AsSpan(0, count), ids.AsSpan(0, idBytes), page);
            (ChunkId id, _) = await store.PutAsync(page.AsMemory(0, length), cancellationToken);
            pages.Add(id);
            count = 0;
            idBytes = 0;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(page);
        }
    }
}
