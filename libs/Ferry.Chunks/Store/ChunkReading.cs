using Ferry.Chunks.Native;
using Microsoft.Win32.SafeHandles;

namespace Ferry.Chunks.Store;

/// <summary>Reads chunks, pending or durable, and sets those aside that no longer match their id.</summary>
internal sealed class ChunkReading(ChunkFolder folder, PendingChunks pending, ChunkCodec codec, TimeProvider time)
{
    /// <summary>Reads a chunk and compares it with its id.</summary>
    public int Read(ChunkId id, Span<byte> buffer)
    {
        try
        {
            // Looked at twice: another process may have mended it in between.
            while (true)
            {
                if (TryReadPending(id, buffer, out int length) || TryReadFile(id, buffer, out length) || TryReadFile(id, buffer, out length))
                {
                    return length;
                }

                if (folder.SetAside(id, time.GetUtcNow()))
                {
                    throw new ChunkStoreException(
                        ChunkStoreErrors.Corrupt, "The stored bytes no longer match the chunk's id; it was set aside and must be fetched again.", folder.PathOf(id));
                }
            }
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new ChunkStoreException(ChunkStoreErrors.Missing, "The chunk is not in the store.", id.ToString(), e);
        }
        catch (Exception e) when (FileFailure.Is(e))
        {
            throw FileFailure.Of(e, folder.PathOf(id));
        }
    }

    /// <summary>False when the chunk did not match its id and was set aside.</summary>
    public bool Verify(ChunkId id)
    {
        try
        {
            return folder.IsSound(id) || folder.IsSound(id) || !folder.SetAside(id, time.GetUtcNow());
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            // Collected, or set aside by somebody else, at this moment.
            return true;
        }
        catch (Exception e) when (FileFailure.Is(e))
        {
            throw FileFailure.Of(e, folder.PathOf(id));
        }
    }

    private bool TryReadPending(ChunkId id, Span<byte> buffer, out int length)
    {
        length = -1;
        if (pending.TryGet(id, out PendingChunk? chunk))
        {
            try
            {
                length = codec.Read(chunk!.Handle, id, buffer);
            }
            catch (ObjectDisposedException)
            {
                // A flush ended at this moment: the chunk has its final name.
            }
        }

        return length >= 0;
    }

    private bool TryReadFile(ChunkId id, Span<byte> buffer, out int length)
    {
        using SafeFileHandle handle = folder.Open(id);
        length = codec.Read(handle, id, buffer);
        return length >= 0;
    }
}
