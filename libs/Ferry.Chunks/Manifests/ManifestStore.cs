using System.Buffers;
using Ferry.Chunks.Store;

namespace Ferry.Chunks.Manifests;

/// <summary>Writes and opens manifests in a chunk store (docs/formats/manifest.md). The same content always has the same root id.</summary>
/// <param name="chunks">Where pages, roots and the chunks are.</param>
public sealed class ManifestStore(IChunkStore chunks)
{
    /// <summary>The store of pages, roots and chunks.</summary>
    public IChunkStore Chunks { get; } = chunks;

    /// <summary>Begins a manifest; its entries are appended in order.</summary>
    /// <param name="size">Size of the disk in bytes.</param>
    /// <param name="chunkSize">A power of two from 64 KiB to 64 MiB.</param>
    /// <param name="logicalSectorSize">512 or 4096.</param>
    /// <param name="origin">Needed when entries are at the origin; left out of the manifest when in the end none is.</param>
    /// <exception cref="ArgumentException">A number is not possible.</exception>
    public ManifestWriter CreateWriter(long size, int chunkSize, int logicalSectorSize, ManifestOrigin? origin) =>
        ManifestRoot.Problem(size, chunkSize, logicalSectorSize) is { } problem
            ? throw new ArgumentException(problem)
            : new ManifestWriter(Chunks, size, chunkSize, logicalSectorSize, origin);

    /// <summary>Opens a manifest. Its pages are read when they are needed.</summary>
    /// <exception cref="ChunkStoreException"><see cref="ChunkStoreErrors.Missing"/>, <see cref="ChunkStoreErrors.BadManifest"/>, or what the store reports.</exception>
    public async ValueTask<ManifestReader> OpenAsync(ChunkId root, CancellationToken cancellationToken = default)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(ManifestRoot.MaxSize);
        try
        {
            int length = await ReadAsync(Chunks, root, buffer.AsMemory(0, ManifestRoot.MaxSize), cancellationToken);
            return new ManifestReader(Chunks, root, ManifestRoot.Read(buffer.AsSpan(0, length), root));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Reads a root or page; one that is too long for its kind is no valid manifest.</summary>
    internal static async ValueTask<int> ReadAsync(IChunkStore chunks, ChunkId id, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        try
        {
            return await chunks.ReadAsync(id, buffer, cancellationToken);
        }
        catch (ChunkStoreException e) when (e.Code == ChunkStoreErrors.Mismatch)
        {
            throw new ChunkStoreException(ChunkStoreErrors.BadManifest, "A part of the manifest is longer than any valid one.", id.ToString(), e);
        }
    }
}
