using System.Buffers;
using Microsoft.Win32.SafeHandles;

namespace Ferry.Chunks.Store;

/// <summary>Writes and reads the content of chunk files: the header, and the bytes as they are or compressed.</summary>
internal sealed class ChunkCodec : IDisposable
{
    private readonly ChunkCompressor compressor = new();

    /// <summary>Writes a chunk to an empty file.</summary>
    /// <returns>Length of the file.</returns>
    public long Write(SafeFileHandle file, ReadOnlySpan<byte> data)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(ChunkFileHeader.Size + data.Length);
        try
        {
            int compressed = compressor.TryCompress(data, buffer.AsSpan(ChunkFileHeader.Size, data.Length));
            var header = compressed > 0
                ? new ChunkFileHeader(ChunkEncoding.Zstd, data.Length, compressed)
                : new ChunkFileHeader(ChunkEncoding.Raw, data.Length, data.Length);
            header.Write(buffer);
            if (compressed > 0)
            {
                RandomAccess.Write(file, buffer.AsSpan(0, ChunkFileHeader.Size + compressed), 0);
            }
            else
            {
                RandomAccess.Write(file, buffer.AsSpan(0, ChunkFileHeader.Size), 0);
                RandomAccess.Write(file, data, ChunkFileHeader.Size);
            }

            return header.FileLength;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Reads a chunk and compares it with its id.</summary>
    /// <returns>Its length, or -1 when the file is damaged.</returns>
    /// <exception cref="ChunkStoreException"><see cref="ChunkStoreErrors.Mismatch"/> when the chunk is longer than the buffer.</exception>
    public int Read(SafeFileHandle file, ChunkId id, Span<byte> buffer)
    {
        if (!ChunkFolder.TryReadHeader(file, out ChunkFileHeader header))
        {
            return -1;
        }

        if (header.Length > buffer.Length)
        {
            throw new ChunkStoreException(ChunkStoreErrors.Mismatch, $"The chunk has {header.Length} bytes where at most {buffer.Length} are expected.", id.ToString());
        }

        Span<byte> data = buffer[..header.Length];
        return (header.Encoding == ChunkEncoding.Raw ? TryReadExactly(file, data) : TryReadCompressed(file, header.PayloadLength, data)) && ChunkId.Of(data) == id
            ? header.Length
            : -1;
    }

    /// <summary>Whether a chunk's file holds the bytes that its id stands for; takes as much memory as its header says.</summary>
    public bool IsSound(SafeFileHandle file, ChunkId id)
    {
        if (!ChunkFolder.TryReadHeader(file, out ChunkFileHeader header))
        {
            return false;
        }

        byte[] buffer = ArrayPool<byte>.Shared.Rent(header.Length);
        try
        {
            return Read(file, id, buffer.AsSpan(0, header.Length)) >= 0;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Whether the content of a chunk file is sound.</summary>
    public bool Verify(ChunkId id, ReadOnlySpan<byte> content)
    {
        if (!ChunkFileHeader.TryRead(content, out ChunkFileHeader header) || header.FileLength != content.Length)
        {
            return false;
        }

        ReadOnlySpan<byte> payload = content[ChunkFileHeader.Size..];
        if (header.Encoding == ChunkEncoding.Raw)
        {
            return ChunkId.Of(payload) == id;
        }

        byte[] data = ArrayPool<byte>.Shared.Rent(header.Length);
        try
        {
            return compressor.TryDecompress(payload, data.AsSpan(0, header.Length)) && ChunkId.Of(data.AsSpan(0, header.Length)) == id;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(data);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => compressor.Dispose();

    private static bool TryReadExactly(SafeFileHandle file, Span<byte> destination)
    {
        int done = 0;
        while (done < destination.Length)
        {
            int read = RandomAccess.Read(file, destination[done..], ChunkFileHeader.Size + done);
            if (read == 0)
            {
                return false;
            }

            done += read;
        }

        return true;
    }

    private bool TryReadCompressed(SafeFileHandle file, int length, Span<byte> data)
    {
        byte[] frame = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            return TryReadExactly(file, frame.AsSpan(0, length)) && compressor.TryDecompress(frame.AsSpan(0, length), data);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(frame);
        }
    }
}
