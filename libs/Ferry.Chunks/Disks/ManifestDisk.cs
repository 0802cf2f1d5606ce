using System.Runtime.CompilerServices;
using Ferry.Chunks.Manifests;
using Ferry.Chunks.Store;
using Ferry.DiskImages;

namespace Ferry.Chunks.Disks;

/// <summary>
/// The disk that a manifest describes, read through it: zeros without any reading, stored chunks from the store, the others from the origin, which is opened
/// when it is first needed. Besides <see cref="DiskImageException"/> of the origin, reads throw <see cref="ChunkStoreException"/> of the store.
/// </summary>
public sealed class ManifestDisk : IDiskImageReader
{
    private readonly IChunkStore store;
    private readonly IOriginOpener origins;
    private readonly ChunkCache cache;
    private readonly SemaphoreSlim opening = new(1);
    private IDiskImageReader? origin;
    private bool disposed;

    /// <summary>Creates the disk; nothing is read yet.</summary>
    /// <param name="manifests">Where the chunks are.</param>
    /// <param name="manifest">The manifest.</param>
    /// <param name="origins">Opens the origin.</param>
    /// <param name="options">Null: the defaults.</param>
    public ManifestDisk(ManifestStore manifests, ManifestReader manifest, IOriginOpener origins, ManifestDiskOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(manifests);
        ArgumentNullException.ThrowIfNull(manifest);
        store = manifests.Chunks;
        this.origins = origins;
        Manifest = manifest;
        ManifestHeader header = manifest.Header;
        cache = new ChunkCache(store, (int)Math.Clamp((options ?? new ManifestDiskOptions()).CacheBytes / header.ChunkSize, 2, 4096));
        Info = new DiskImageInfo
        {
            Format = DiskImageFormat.Raw,
            Variant = "manifest",
            Capacity = header.Size,
            LogicalSectorSize = header.LogicalSectorSize,
            PhysicalSectorSize = header.LogicalSectorSize,
            BlockSize = header.ChunkSize,
            Files = [],
        };
    }

    /// <summary>The manifest.</summary>
    public ManifestReader Manifest { get; }

    /// <inheritdoc/>
    public DiskImageInfo Info { get; }

    /// <inheritdoc/>
    public long Capacity => Manifest.Header.Size;

    /// <inheritdoc/>
    /// <exception cref="ChunkStoreException">A chunk or page cannot be read, or is damaged.</exception>
    public async ValueTask ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(buffer.Length, Capacity - offset, nameof(buffer));
        int chunkSize = Manifest.Header.ChunkSize;
        while (!buffer.IsEmpty)
        {
            long index = offset / chunkSize;
            int start = (int)(offset % chunkSize);
            int part = Math.Min(buffer.Length, Manifest.Header.LengthOf(index) - start);
            await ReadChunkAsync(index, start, buffer[..part], cancellationToken);
            offset += part;
            buffer = buffer[part..];
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<DiskExtent> GetExtentsAsync(long offset, long length, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, Capacity - offset);
        if (length == 0)
        {
            yield break;
        }

        int chunkSize = Manifest.Header.ChunkSize;
        long first = offset / chunkSize;
        long count = ((offset + length - 1) / chunkSize) - first + 1;
        var open = new DiskExtent(offset, 0, default);
        await foreach (ManifestRun run in Manifest.ReadRunsAsync(first, count, cancellationToken))
        {
            ExtentKind kind = KindOf(run.Entry.State);
            long end = Math.Min(run.End > (offset + length) / chunkSize ? long.MaxValue : run.End * chunkSize, offset + length);
            if (open.Length > 0 && open.Kind != kind)
            {
                yield return open;
                open = new DiskExtent(open.End, 0, kind);
            }

            open = open with { Length = end - open.Offset, Kind = kind };
        }

        yield return open;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (!disposed)
        {
            disposed = true;
            cache.Dispose();
            if (origin is not null)
            {
                await origin.DisposeAsync();
            }

            opening.Dispose();
        }
    }

    private static ExtentKind KindOf(ChunkState state) => state switch
    {
        ChunkState.Zero => ExtentKind.Zero,
        ChunkState.Unused => ExtentKind.Unallocated,
        _ => ExtentKind.Data,
    };

    private async ValueTask ReadChunkAsync(long index, int start, Memory<byte> part, CancellationToken cancellationToken)
    {
        ManifestEntry entry = await Manifest.GetAsync(index, cancellationToken);
        int length = Manifest.Header.LengthOf(index);
        switch (entry.State)
        {
            case ChunkState.Zero or ChunkState.Unused:
                part.Span.Clear();
                break;
            case ChunkState.Stored when part.Length == length:
                await ReadWholeAsync(entry.Id, part, cancellationToken);
                break;
            case ChunkState.Stored:
                await cache.CopyAsync(entry.Id, length, start, part, cancellationToken);
                break;
            default:
                IDiskImageReader image = origin ?? await OpenOriginAsync(cancellationToken);
                await image.ReadAsync((index * Manifest.Header.ChunkSize) + start, part, cancellationToken);
                if (entry.State == ChunkState.OriginHashed && part.Length == length && ChunkId.Of(part.Span) != entry.Id)
                {
                    throw new DiskImageException(
                        DiskImageErrors.SourceChanged, $"Chunk {index} of the source is not what was read before. Capture the disk again.", Manifest.Header.Origin?.Image, index * Manifest.Header.ChunkSize);
                }

                break;
        }
    }

    private async ValueTask ReadWholeAsync(ChunkId id, Memory<byte> chunk, CancellationToken cancellationToken)
    {
        int read = await store.ReadAsync(id, chunk, cancellationToken);
        if (read != chunk.Length)
        {
            throw new ChunkStoreException(ChunkStoreErrors.BadManifest, $"The manifest needs a chunk of {chunk.Length} bytes and names one of {read}.", id.ToString());
        }
    }

    private async ValueTask<IDiskImageReader> OpenOriginAsync(CancellationToken cancellationToken)
    {
        await opening.WaitAsync(cancellationToken);
        try
        {
            if (origin is null)
            {
                ManifestOrigin place = Manifest.Header.Origin
                    ?? throw new ChunkStoreException(ChunkStoreErrors.BadManifest, "The manifest has entries at the origin and names none.", Manifest.Root.ToString());
                IDiskImageReader opened = await origins.OpenAsync(place, cancellationToken);
                if (opened.Capacity != Capacity)
                {
                    await opened.DisposeAsync();
                    throw new DiskImageException(DiskImageErrors.SourceChanged, "The source has another size than when it was captured.", place.Image);
                }

                origin = opened;
            }

            return origin;
        }
        finally
        {
            opening.Release();
        }
    }
}
