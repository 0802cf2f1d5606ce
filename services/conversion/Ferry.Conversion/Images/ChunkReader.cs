using System.Buffers;
using Ferry.Chunks;
using Ferry.Chunks.Manifests;
using Ferry.Chunks.Store;

namespace Ferry.Conversion.Images;

/// <summary>
/// Reads a manifest's chunks, wherever they are: neighbours at the origin in one go, stored ones from the store, which verifies them. Has a buffer, so
/// each worker needs its own.
/// </summary>
public sealed class ChunkReader : IDisposable
{
    private const int BufferBytes = 4 << 20;
    private readonly ManifestHeader header;
    private readonly IChunkStore store;
    private readonly OriginImage? origin;
    private readonly byte[] buffer;
    private readonly int chunksInBuffer;

    /// <summary>Creates a reader.</summary>
    public ChunkReader(ManifestHeader header, IChunkStore store, OriginImage? origin)
    {
        ArgumentNullException.ThrowIfNull(header);
        this.header = header;
        this.store = store;
        this.origin = origin;
        chunksInBuffer = Math.Max(1, BufferBytes / header.ChunkSize);
        buffer = ArrayPool<byte>.Shared.Rent(chunksInBuffer * header.ChunkSize);
    }

    /// <summary>Reads the chunks that have bytes, beginning with <paramref name="first"/>; says how many entries are dealt with.</summary>
    /// <param name="first">Index of the first chunk.</param>
    /// <param name="entries">Its entry and the following ones.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <returns>The bytes of the chunks, valid until the next call, and their number.</returns>
    public async ValueTask<(ReadOnlyMemory<byte> Bytes, int Chunks)> ReadAsync(long first, ReadOnlyMemory<ManifestEntry> entries, CancellationToken cancellationToken)
    {
        var entry = entries.Span[0];
        if (entry.State == ChunkState.Stored)
        {
            var length = header.LengthOf(first);
            var read = await store.ReadAsync(entry.Id, buffer.AsMemory(0, length), cancellationToken);
            return read == length
                ? (buffer.AsMemory(0, length), 1)
                : throw new ChunkStoreException(ChunkStoreErrors.BadManifest, $"Chunk {first} has {read} bytes in the store instead of {length}.", entry.Id.ToString());
        }

        var chunks = 1;
        while (chunks < chunksInBuffer && chunks < entries.Length && entries.Span[chunks].State.IsAtOrigin())
        {
            chunks++;
        }

        var bytes = (int)Math.Min((long)chunks * header.ChunkSize, header.Size - (first * header.ChunkSize));
        var image = origin ?? throw new InvalidOperationException("The manifest has chunks at its origin, which was not opened.");
        await image.Reader.ReadAsync(first * header.ChunkSize, buffer.AsMemory(0, bytes), cancellationToken);
        return (buffer.AsMemory(0, bytes), chunks);
    }

    /// <summary>Resolves an entry by the bytes that were read for it.</summary>
    /// <exception cref="DiskImages.DiskImageException">The entry's id was known and the bytes are others.</exception>
    public static ManifestEntry Resolve(ManifestEntry entry, ReadOnlySpan<byte> bytes, long chunk)
    {
        if (entry.State == ChunkState.Stored)
        {
            return entry;
        }

        if (bytes.IndexOfAnyExcept((byte)0) < 0 && entry.State == ChunkState.Origin)
        {
            return new ManifestEntry(ChunkState.Zero);
        }

        var id = ChunkId.Of(bytes);
        return entry.State != ChunkState.OriginHashed || entry.Id == id
            ? new ManifestEntry(ChunkState.OriginHashed, id)
            : throw new DiskImages.DiskImageException(
                DiskImages.DiskImageErrors.SourceChanged, $"Chunk {chunk} of the source has other bytes than when it was read before.");
    }

    /// <inheritdoc/>
    public void Dispose() => ArrayPool<byte>.Shared.Return(buffer);
}
