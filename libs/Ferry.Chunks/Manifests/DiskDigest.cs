using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Ferry.Chunks.Manifests;

/// <summary>
/// Computes a disk's digest as its chunk ids come in order: SHA-256 over the size (8 bytes), the chunk size (4 bytes, both little-endian) and the 32
/// bytes of every chunk's id, where a chunk of zeros has the id of that many zero bytes. So whoever reads the disk elsewhere can compute the same.
/// </summary>
public sealed class DiskDigest : IDisposable
{
    private const int IdsPerBlock = 512;
    private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly ManifestHeader header;
    private readonly ZeroChunks zeros;
    private readonly byte[] block = new byte[IdsPerBlock * ChunkId.Size];
    private byte[]? zeroBlock;
    private int used;

    /// <summary>Begins a digest.</summary>
    /// <param name="size">Size of the disk in bytes.</param>
    /// <param name="chunkSize">Chunk size in bytes.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is not possible.</exception>
    public DiskDigest(long size, int chunkSize)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(size);
        ArgumentOutOfRangeException.ThrowIfLessThan(chunkSize, 1);
        header = new ManifestHeader { Size = size, ChunkSize = chunkSize, Pages = [] };
        zeros = new ZeroChunks(header);
        Span<byte> prefix = stackalloc byte[12];
        BinaryPrimitives.WriteInt64LittleEndian(prefix, size);
        BinaryPrimitives.WriteInt32LittleEndian(prefix[8..], chunkSize);
        hash.AppendData(prefix);
    }

    /// <summary>Number of chunks so far.</summary>
    public long Count { get; private set; }

    /// <summary>Appends the id of the next chunk.</summary>
    /// <exception cref="InvalidOperationException">The disk has no more chunks.</exception>
    public void Append(ChunkId id)
    {
        CheckRoom(1);
        id.WriteTo(block.AsSpan(used));
        used += ChunkId.Size;
        Count++;
        if (used == block.Length)
        {
            Drain();
        }
    }

    /// <summary>Appends chunks that are zero.</summary>
    /// <exception cref="InvalidOperationException">The disk has fewer chunks.</exception>
    public void AppendZeros(long chunks)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(chunks);
        CheckRoom(chunks);
        while (chunks > 0)
        {
            // The last chunk may be shorter and then has another id.
            if (chunks > IdsPerBlock)
            {
                Drain();
                hash.AppendData(zeroBlock ??= MakeZeroBlock());
                Count += IdsPerBlock;
                chunks -= IdsPerBlock;
            }
            else
            {
                Append(zeros[Count]);
                chunks--;
            }
        }
    }

    /// <summary>The digest as 64 lower-case hexadecimal digits.</summary>
    /// <exception cref="InvalidOperationException">Chunks are missing.</exception>
    public string Complete()
    {
        if (Count != header.ChunkCount)
        {
            throw new InvalidOperationException($"{Count} of {header.ChunkCount} chunks were appended.");
        }

        Drain();
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <inheritdoc/>
    public void Dispose() => hash.Dispose();

    private byte[] MakeZeroBlock()
    {
        byte[] ids = new byte[IdsPerBlock * ChunkId.Size];
        for (int i = 0; i < IdsPerBlock; i++)
        {
            zeros[0].WriteTo(ids.AsSpan(i * ChunkId.Size));
        }

        return ids;
    }

    private void Drain()
    {
        hash.AppendData(block, 0, used);
        used = 0;
    }

    private void CheckRoom(long chunks)
    {
        if (chunks > header.ChunkCount - Count)
        {
            throw new InvalidOperationException($"The disk has {header.ChunkCount} chunks; {Count} and {chunks} more are too many.");
        }
    }
}
