using System.Collections.Concurrent;
using Ferry.Chunks.Native;
using Microsoft.Win32.SafeHandles;

namespace Ferry.Chunks.Store;

/// <summary>What was put and is not flushed yet, and the flush. One flush runs at a time and takes all that is there.</summary>
internal sealed class PendingChunks(ChunkFolder folder, IncomingFolder incoming, ChunkCodec codec, string root, TimeProvider time) : IDisposable
{
    /// <summary>
    /// From so many chunks on the file system is flushed as a whole, twice, instead of each file and folder: measured ten times faster (a disk takes milliseconds for
    /// every single flush). Below that it is not worth waiting for what others wrote.
    /// </summary>
    private const int WholeFileSystemFrom = 8;

    private static readonly TimeSpan LongWait = TimeSpan.FromSeconds(30);
    private readonly ConcurrentDictionary<ChunkId, PendingChunk> chunks = new();
    private readonly SemaphoreSlim flushing = new(1);
    private long bytes;
    private volatile Exception? broken;

    public int Count => chunks.Count;

    public long Bytes => Interlocked.Read(ref bytes);

    public bool Contains(ChunkId id) => chunks.ContainsKey(id);

    public bool TryGet(ChunkId id, out PendingChunk? chunk) => chunks.TryGetValue(id, out chunk);

    /// <summary>Takes over a written file; false when the same chunk was added meanwhile.</summary>
    public bool TryAdd(PendingChunk chunk)
    {
        if (!chunks.TryAdd(chunk.Id, chunk))
        {
            return false;
        }

        Interlocked.Add(ref bytes, chunk.Bytes);
        return true;
    }

    /// <summary>Gives what is pending its final names, durably.</summary>
    public async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        await flushing.WaitAsync(cancellationToken);
        try
        {
            if (broken is { } cause)
            {
                throw new ChunkStoreException(ChunkStoreErrors.InputOutput, "The store's disk lost data that had been written to it. Start again on a sound disk.", root, cause);
            }

            if (!chunks.IsEmpty)
            {
                PendingChunk[] batch = [.. chunks.Values];
                await Task.Run(() => Flush(batch), CancellationToken.None);
            }
        }
        finally
        {
            flushing.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (PendingChunk chunk in chunks.Values)
        {
            chunk.Dispose();
        }

        flushing.Dispose();
    }

    private void Flush(PendingChunk[] batch)
    {
        var folders = new HashSet<string>(StringComparer.Ordinal);
        bool whole = batch.Length >= WholeFileSystemFrom;
        FlushContents(batch, whole);
        try
        {
            foreach (PendingChunk chunk in batch)
            {
                folder.Prepare(chunk.Id, folders);
                if (!chunk.Moved)
                {
                    // A chunk counts as used when it appears, however long it waited: garbage collection goes by the file's time.
                    if (time.GetElapsedTime(chunk.WrittenAt) > LongWait)
                    {
                        File.SetLastWriteTimeUtc(chunk.Path, time.GetUtcNow().UtcDateTime);
                    }

                    File.Move(chunk.Path, folder.PathOf(chunk.Id), overwrite: true);
                    chunk.Moved = true;
                }
            }
        }
        catch (Exception e) when (FileFailure.Is(e))
        {
            throw FileFailure.Of(e, root);
        }

        try
        {
            if (!whole || !Posix.TryFlushFileSystem(incoming.Anchor, root))
            {
                foreach (string touched in folders)
                {
                    Posix.FlushFolder(touched);
                }
            }
        }
        catch (IOException e)
        {
            // After a failed flush the system forgets the error: a repeated flush would report success for names that are lost.
            broken = e;
            throw FileFailure.Of(e, root);
        }

        foreach (PendingChunk chunk in batch)
        {
            chunks.TryRemove(chunk.Id, out _);
            Interlocked.Add(ref bytes, -chunk.Bytes);
            chunk.Dispose();
        }
    }

    private void FlushContents(PendingChunk[] batch, bool whole)
    {
        try
        {
            foreach (PendingChunk chunk in batch.Where(c => c is { Suspect: true, Moved: false }))
            {
                Rewrite(chunk);
            }

            if (!whole || !Posix.TryFlushFileSystem(incoming.Anchor, root))
            {
                foreach (PendingChunk chunk in batch)
                {
                    RandomAccess.FlushToDisk(chunk.Handle);
                }
            }

            foreach (PendingChunk chunk in batch)
            {
                chunk.Suspect = false;
            }
        }
        catch (Exception e) when (FileFailure.Is(e))
        {
            foreach (PendingChunk chunk in batch)
            {
                chunk.Suspect = true;
            }

            throw FileFailure.Of(e, root);
        }
    }

    /// <summary>Writes the file anew from what can still be read of it.</summary>
    private void Rewrite(PendingChunk chunk)
    {
        byte[] content = new byte[chunk.Bytes];
        if (RandomAccess.Read(chunk.Handle, content, 0) != content.Length || !codec.Verify(chunk.Id, content))
        {
            broken = new IOException($"Chunk {chunk.Id} could not be read back after a failed flush.");
            throw (IOException)broken;
        }

        string path = incoming.NewPath();
        SafeFileHandle handle = File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        try
        {
            RandomAccess.Write(handle, content, 0);
        }
        catch
        {
            handle.Dispose();
            File.Delete(path);
            throw;
        }

        File.Delete(chunk.Path);
        chunk.Handle.Dispose();
        (chunk.Path, chunk.Handle) = (path, handle);
    }
}
