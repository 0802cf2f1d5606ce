using System.Buffers;
using System.Runtime.CompilerServices;
using Ferry.Chunks.Disks;
using Ferry.Chunks.Manifests;
using Ferry.Chunks.Store;
using Ferry.DiskImages;

namespace Ferry.Chunks.Overlay;

/// <summary>
/// A disk that can be written above a <see cref="ManifestDisk"/> that never changes. Written chunks are in a temporary file that is gone
/// after <see cref="DisposeAsync"/>; a flush does nothing, since after a crash the work on an overlay begins anew. Chunks that are made zero
/// as a whole take no space. Reads take no lock; writes lock the chunk.
/// </summary>
public sealed class OverlayDisk : IBlockDevice, IAsyncDisposable
{
    private const int Stripes = 64;
    private readonly ManifestDisk below;
    private readonly ManifestHeader header;
    private readonly BackingFile file;
    private readonly ChunkSet zeroed;
    private readonly SemaphoreSlim[] locks = [.. Enumerable.Range(0, Stripes).Select(_ => new SemaphoreSlim(1))];
    private volatile bool frozen;

    /// <summary>Creates an overlay without any change.</summary>
    /// <param name="below">The disk below; the caller keeps ownership and disposes it after this.</param>
    /// <param name="folder">Where the temporary file goes; it grows to at most what is written, in whole chunks.</param>
    /// <exception cref="ChunkStoreException">The folder cannot be written.</exception>
    public OverlayDisk(ManifestDisk below, string folder)
    {
        ArgumentNullException.ThrowIfNull(below);
        ArgumentException.ThrowIfNullOrEmpty(folder);
        this.below = below;
        header = below.Manifest.Header;
        file = new BackingFile(folder, header.ChunkSize);
        zeroed = new ChunkSet(header.ChunkCount);
    }

    /// <inheritdoc/>
    public long Size => header.Size;

    /// <inheritdoc/>
    public bool ReadOnly => false;

    /// <inheritdoc/>
    public int PreferredBlockSize => Math.Min(header.ChunkSize, 1 << 20);

    /// <inheritdoc/>
    /// <exception cref="ChunkStoreException">A chunk cannot be read.</exception>
    public async ValueTask ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        CheckRange(offset, buffer.Length);
        while (!buffer.IsEmpty)
        {
            (long index, int start, int part) = Part(offset, buffer.Length);
            if (file.TryGetSlot(index, out long slot))
            {
                file.Read(slot, start, buffer.Span[..part]);
            }
            else if (zeroed.Contains(index))
            {
                buffer.Span[..part].Clear();
            }
            else
            {
                await below.ReadAsync(offset, buffer[..part], cancellationToken);
            }

            offset += part;
            buffer = buffer[part..];
        }
    }

    /// <inheritdoc/>
    /// <exception cref="ChunkStoreException"><see cref="ChunkStoreErrors.Full"/> when the temporary file's disk is full.</exception>
    public async ValueTask WriteAsync(long offset, ReadOnlyMemory<byte> data, CancellationToken cancellationToken = default)
    {
        CheckRange(offset, data.Length);
        while (!data.IsEmpty)
        {
            (long index, int start, int part) = Part(offset, data.Length);
            using (await LockAsync(index, cancellationToken))
            {
                if (file.TryGetSlot(index, out long slot))
                {
                    file.Write(slot, start, data.Span[..part]);
                }
                else
                {
                    slot = file.NewSlot();
                    if (part < header.LengthOf(index) && !zeroed.Contains(index))
                    {
                        await CopyUpAsync(index, slot, cancellationToken);
                    }

                    file.Write(slot, start, data.Span[..part]);
                    file.Publish(index, slot);
                }
            }

            offset += part;
            data = data[part..];
        }
    }

    /// <inheritdoc/>
    public ValueTask WriteZeroesAsync(long offset, long length, CancellationToken cancellationToken = default) =>
        ClearAsync(offset, length, mustBeZero: true, cancellationToken);

    /// <inheritdoc/>
    public ValueTask TrimAsync(long offset, long length, CancellationToken cancellationToken = default) =>
        ClearAsync(offset, length, mustBeZero: false, cancellationToken);

    /// <inheritdoc/>
    public ValueTask FlushAsync(CancellationToken cancellationToken = default) => ValueTask.CompletedTask;

    /// <inheritdoc/>
    public async IAsyncEnumerable<DiskExtent> GetExtentsAsync(long offset, long length, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        CheckRange(offset, length);
        DiskExtent open = default;
        await foreach (DiskExtent extent in below.GetExtentsAsync(offset, length, cancellationToken))
        {
            for (long position = extent.Offset; position < extent.End;)
            {
                (long index, int start, _) = Part(position, 1);
                long part = Math.Min(header.LengthOf(index) - start, extent.End - position);
                ExtentKind kind = file.Has(index) ? ExtentKind.Data : zeroed.Contains(index) ? ExtentKind.Zero : extent.Kind;
                if (open.Length > 0 && open.Kind == kind)
                {
                    open = open with { Length = open.Length + part };
                }
                else
                {
                    if (open.Length > 0)
                    {
                        yield return open;
                    }

                    open = new DiskExtent(position, part, kind);
                }

                position += part;
            }
        }

        if (open.Length > 0)
        {
            yield return open;
        }
    }

    /// <summary>
    /// Writes a manifest of the disk as it is now. A written chunk whose bytes are the same as below keeps its entry; zero bytes become <c>Zero</c>, others are stored;
    /// all other entries stay as they are, those at the origin with the same origin. From here on the overlay refuses writes.
    /// </summary>
    /// <exception cref="ChunkStoreException">The store cannot be written or a chunk cannot be read; the commit may be repeated.</exception>
    public ValueTask<OverlayCommit> CommitAsync(ManifestStore manifests, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(manifests);
        frozen = true;
        return new OverlayCommitter(this, below, manifests).CommitAsync(cancellationToken);
    }

    /// <summary>Deletes the temporary file. The disk below stays open.</summary>
    public ValueTask DisposeAsync()
    {
        frozen = true;
        file.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>The chunks that were written or made zero, in no order.</summary>
    internal IEnumerable<long> WrittenChunks() => file.Chunks.Concat(zeroed.Enumerate().Where(index => !file.Has(index)));

    /// <summary>Waits until no write to the chunk is under way.</summary>
    internal async ValueTask<IDisposable> LockAsync(long index, CancellationToken cancellationToken, bool forWriting = true)
    {
        SemaphoreSlim stripe = locks[index % Stripes];
        await stripe.WaitAsync(cancellationToken);
        if (frozen && forWriting)
        {
            stripe.Release();
            throw new InvalidOperationException("The overlay was committed or closed; it takes no more writes.");
        }

        return new Releaser(stripe);
    }

    private async ValueTask ClearAsync(long offset, long length, bool mustBeZero, CancellationToken cancellationToken)
    {
        CheckRange(offset, length);
        while (length > 0)
        {
            (long index, int start, int part) = Part(offset, length);
            using (await LockAsync(index, cancellationToken))
            {
                if (file.TryGetSlot(index, out long slot))
                {
                    file.Clear(slot, start, part);
                }
                else if (part == header.LengthOf(index))
                {
                    zeroed.Add(index);
                }
                else if (mustBeZero && !zeroed.Contains(index) && !(await below.Manifest.GetAsync(index, cancellationToken)).State.ReadsAsZero())
                {
                    slot = file.NewSlot();
                    await CopyUpAsync(index, slot, cancellationToken);
                    file.Clear(slot, start, part);
                    file.Publish(index, slot);
                }
            }

            offset += part;
            length -= part;
        }
    }

    private async ValueTask CopyUpAsync(long index, long slot, CancellationToken cancellationToken)
    {
        int length = header.LengthOf(index);
        if ((await below.Manifest.GetAsync(index, cancellationToken)).State.ReadsAsZero())
        {
            return;
        }

        byte[] buffer = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            await below.ReadAsync(index * header.ChunkSize, buffer.AsMemory(0, length), cancellationToken);
            file.Write(slot, 0, buffer.AsSpan(0, length));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private (long Index, int Start, int Length) Part(long offset, long length)
    {
        long index = offset / header.ChunkSize;
        int start = (int)(offset % header.ChunkSize);
        return (index, start, (int)Math.Min(length, header.LengthOf(index) - start));
    }

    private void CheckRange(long offset, long length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, Size - offset);
    }

    private sealed class Releaser(SemaphoreSlim stripe) : IDisposable
    {
        public void Dispose() => stripe.Release();
    }
}
