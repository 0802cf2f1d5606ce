using Ferry.Chunks.Native;
using Microsoft.Win32.SafeHandles;

namespace Ferry.Chunks.Store;

/// <summary>
/// A chunk store in a folder, which several processes and machines may share: <c>chunks/ab/cd/abcd...</c>, one file per chunk.
/// <para>
/// Crash safety: a put writes a file with a temporary name; <see cref="FlushAsync"/> first makes the contents durable, then gives the final names, then
/// makes the names durable. So a final name never stands for torn content, whenever the power fails, and <see cref="ContainsAsync"/> may
/// trust a name whose header fits the file's length. What was put and not flushed is lost in a crash: it belongs to no proven slice. Its files are
/// deleted by a later instance. When a flush fails, all of it stays pending and the next flush writes it anew, because a system
/// forgets an error of writing back once it was told.
/// </para>
/// <para>
/// Every read is compared with the id. A chunk that was damaged later is set aside in <c>corrupt/</c>: the first read says
/// <see cref="ChunkStoreErrors.Corrupt"/>, then it counts as missing and can be put again.
/// </para>
/// <para>
/// A put that would exceed the quota, or leave less than the reserve on the disk, is refused with <see cref="ChunkStoreErrors.Full"/>, as a disk that is full is.
/// </para>
/// </summary>
public sealed class FolderChunkStore : IChunkStore, IDisposable
{
    private readonly string root;
    private readonly FolderChunkStoreOptions options;
    private readonly TimeProvider time;
    private readonly ChunkFolder folder;
    private readonly IncomingFolder incoming;
    private readonly PendingChunks pending;
    private readonly ChunkReading reading;
    private readonly StoreSpace space;
    private readonly ChunkCodec codec = new();

    /// <summary>Opens the store, or makes a new one.</summary>
    /// <param name="path">Its folder.</param>
    /// <param name="options">Null: the defaults.</param>
    /// <param name="time">Null: the system's clock.</param>
    /// <exception cref="ChunkStoreException">The folder cannot be written.</exception>
    public FolderChunkStore(string path, FolderChunkStoreOptions? options = null, TimeProvider? time = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        root = Path.GetFullPath(path);
        this.options = options ?? new FolderChunkStoreOptions();
        this.time = time ?? TimeProvider.System;
        try
        {
            folder = new ChunkFolder(root, codec);
            incoming = new IncomingFolder(root, this.time.GetUtcNow(), this.options.StaleAfter);
        }
        catch (Exception e) when (FileFailure.Is(e))
        {
            throw FileFailure.Of(e, root);
        }

        pending = new PendingChunks(folder, incoming, codec, root, this.time);
        reading = new ChunkReading(folder, pending, codec, this.time);
        space = new StoreSpace(root, this.options, () => folder.Enumerate().Sum(chunk => chunk.StoredBytes), this.time);
    }

    /// <inheritdoc/>
    public ValueTask<bool> ContainsAsync(ChunkId id, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return ValueTask.FromResult(Contains(id));
    }

    /// <inheritdoc/>
    public async ValueTask<(ChunkId Id, bool Added)> PutAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken = default)
    {
        CheckLength(data.Length);
        await MakeRoomAsync(data.Length, cancellationToken);
        return await Task.Run(
            () =>
            {
                ChunkId id = ChunkId.Of(data.Span);
                return (id, Put(id, data.Span));
            },
            cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask<bool> PutAsync(ChunkId id, ReadOnlyMemory<byte> data, CancellationToken cancellationToken = default)
    {
        CheckLength(data.Length);
        await MakeRoomAsync(data.Length, cancellationToken);
        return await Task.Run(
            () => ChunkId.Of(data.Span) == id
                ? Put(id, data.Span)
                : throw new ChunkStoreException(ChunkStoreErrors.Mismatch, "The bytes do not have the hash they were announced with.", id.ToString()),
            cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask FlushAsync(CancellationToken cancellationToken = default) => pending.FlushAsync(cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<int> ReadAsync(ChunkId id, Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        await Task.Run(() => reading.Read(id, buffer.Span), cancellationToken);

    /// <inheritdoc/>
    public async IAsyncEnumerable<StoredChunk> EnumerateAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await Task.Yield();
        using IEnumerator<StoredChunk> chunks = folder.Enumerate().GetEnumerator();
        while (Next(chunks))
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return chunks.Current;
        }
    }

    /// <inheritdoc/>
    public ValueTask<bool> DeleteAsync(ChunkId id, DateTimeOffset? notUsedSince = null, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            return ValueTask.FromResult(folder.Delete(id, notUsedSince));
        }
        catch (Exception e) when (FileFailure.Is(e))
        {
            throw FileFailure.Of(e, folder.PathOf(id));
        }
    }

    /// <inheritdoc/>
    public async ValueTask<bool> VerifyAsync(ChunkId id, CancellationToken cancellationToken = default) =>
        await Task.Run(() => reading.Verify(id), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<DateTimeOffset> BeginCollectionAsync(CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            folder.Recover();

            // Files that are put get the file system's time, chunks that are asked for this machine's: the earlier of both spares more.
            DateTimeOffset here = time.GetUtcNow();
            DateTimeOffset there = incoming.ReadClock();
            return ValueTask.FromResult(here < there ? here : there);
        }
        catch (Exception e) when (FileFailure.Is(e))
        {
            throw FileFailure.Of(e, root);
        }
    }

    /// <inheritdoc/>
    public async ValueTask<ChunkStoreStats> GetStatsAsync(CancellationToken cancellationToken = default)
    {
        long count = 0;
        long stored = 0;
        long bytes = 0;
        await Parallel.ForEachAsync(EnumerateAsync(cancellationToken), cancellationToken, (chunk, _) =>
        {
            Interlocked.Increment(ref count);
            Interlocked.Add(ref stored, chunk.StoredBytes);
            Interlocked.Add(ref bytes, folder.LengthOf(chunk.Id));
            return ValueTask.CompletedTask;
        });
        return new ChunkStoreStats(count, stored, pending.Count, folder.CountCorrupt())
        {
            Bytes = bytes,
            FreeBytes = space.FreeBytes(),
            QuotaBytes = options.QuotaBytes,
            ReserveBytes = options.ReserveBytes,
        };
    }

    /// <summary>Gives up what was not flushed, and frees the buffers.</summary>
    public void Dispose()
    {
        pending.Dispose();
        incoming.Dispose();
        codec.Dispose();
    }

    private static void CheckLength(int length)
    {
        if (length is < 1 or > ChunkFileHeader.MaxLength)
        {
            throw new ChunkStoreException(ChunkStoreErrors.Mismatch, $"A chunk has 1 to {ChunkFileHeader.MaxLength} bytes, not {length}.");
        }
    }

    private async ValueTask MakeRoomAsync(int length, CancellationToken cancellationToken)
    {
        if (pending.Count >= options.MaxPendingChunks || pending.Bytes + length > options.MaxPendingBytes)
        {
            await pending.FlushAsync(cancellationToken);
        }
    }

    private bool Contains(ChunkId id)
    {
        try
        {
            return pending.Contains(id) || folder.Use(id, time.GetUtcNow(), options.TouchAfter);
        }
        catch (Exception e) when (FileFailure.Is(e))
        {
            throw FileFailure.Of(e, folder.PathOf(id));
        }
    }

    private bool Put(ChunkId id, ReadOnlySpan<byte> data)
    {
        if (Contains(id))
        {
            return false;
        }

        space.Demand(data.Length);
        string path = incoming.NewPath();
        PendingChunk? chunk = null;
        bool added = false;
        try
        {
            SafeFileHandle handle = File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
            try
            {
                chunk = new PendingChunk(id, path, handle, codec.Write(handle, data), time.GetTimestamp());
            }
            finally
            {
                if (chunk is null)
                {
                    handle.Dispose();
                }
            }

            Posix.BeginWriteBack(handle);
            added = pending.TryAdd(chunk);
            space.Take(added ? chunk.Bytes : 0);
            return added;
        }
        catch (Exception e) when (FileFailure.Is(e))
        {
            throw FileFailure.Of(e, root);
        }
        finally
        {
            if (!added)
            {
                chunk?.Dispose();
                File.Delete(path);
            }
        }
    }

    private bool Next(IEnumerator<StoredChunk> chunks)
    {
        try
        {
            return chunks.MoveNext();
        }
        catch (Exception e) when (FileFailure.Is(e))
        {
            throw FileFailure.Of(e, root);
        }
    }
}
