using System.Buffers;
using Ferry.Chunks;
using Ferry.Chunks.Manifests;
using Ferry.Chunks.Store;
using Ferry.Chunks.Uploads;

namespace Ferry.Transfer.Uploads;

/// <summary>Takes the chunks that clients send: verified against their ids, durable when the client hears so. Safe for concurrent use, also by several processes.</summary>
public sealed class UploadChunks(UploadJobs jobs, UploadNegotiation negotiation, UploadSessions sessions, IChunkStore chunks)
{
    /// <summary>Checks that the client was asked for a chunk.</summary>
    /// <returns>The chunk's id.</returns>
    /// <exception cref="UploadRefusedException">It was not.</exception>
    internal async Task<ChunkId> CheckAsync(UploadFile file, long index, string id, CancellationToken cancellationToken)
    {
        if (index < 0 || index >= file.Chunks)
        {
            throw NotAsked($"The file has {file.Chunks} chunks, from 0; there is no chunk {index}.");
        }

        if (id.Length != 2 * ChunkId.Size || !id.All(char.IsAsciiHexDigitLower))
        {
            throw NotAsked("What stands in the path is no chunk id of 64 lower-case hexadecimal digits.");
        }

        var entry = await negotiation.EntryAsync(file, index, cancellationToken);
        var chunk = ChunkId.Parse(id);
        return entry.State is ChunkState.Stored && entry.Id == chunk ? chunk : throw NotAsked($"The page that was sent has another entry for chunk {index}; nothing is taken that was not asked for.");
    }

    /// <summary>Reads, verifies and stores a chunk.</summary>
    /// <param name="file">The file.</param>
    /// <param name="index">The chunk's index.</param>
    /// <param name="id">Its id.</param>
    /// <param name="body">The request's body.</param>
    /// <param name="compressed">Whether it is a zstd frame.</param>
    /// <param name="session">What is counted goes there.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="UploadRefusedException">The bytes are others, or the store takes nothing now.</exception>
    internal async Task PutAsync(UploadFile file, long index, ChunkId id, UploadBody body, bool compressed, UploadSession session, CancellationToken cancellationToken)
    {
        var length = file.LengthOf(index);
        var buffer = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            var bytes = buffer.AsMemory(0, length);
            if (!await ChunkBody.TryReadAsync(body, compressed, bytes, cancellationToken))
            {
                throw await WrongAsync(file, index, body, null, cancellationToken);
            }

            var added = await chunks.PutAsync(id, bytes, cancellationToken);
            await chunks.FlushAsync(cancellationToken);
            UploadTelemetry.Taken(added, body.Received);
            session.Count(file.Index, added ? new UploadTally(length, 0) : new UploadTally(0, length));
        }
        catch (ChunkStoreException exception) when (exception.Code == ChunkStoreErrors.Mismatch)
        {
            throw await WrongAsync(file, index, body, exception, cancellationToken);
        }
        catch (ChunkStoreException exception) when (exception.Code == ChunkStoreErrors.Full)
        {
            UploadTelemetry.Refused(body.Received);
            throw await jobs.FullAsync(file.Job, exception, cancellationToken);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        await jobs.GoOnAsync(file.Job, cancellationToken);
    }

    private async Task<UploadRefusedException> WrongAsync(UploadFile file, long index, UploadBody body, Exception? inner, CancellationToken cancellationToken)
    {
        UploadTelemetry.Refused(body.Received);
        await sessions.WriteAsync(file.Job.Id, cancellationToken); // What came before counts for the client.
        await jobs.WrongChunkAsync(file, index, cancellationToken);
        return new UploadRefusedException(
            StatusCodes.Status422UnprocessableEntity, ChunkStoreErrors.Mismatch, $"The bytes are not those of chunk {index}, or not as many; nothing was stored.", inner: inner);
    }

    private static UploadRefusedException NotAsked(string detail) => new(StatusCodes.Status409Conflict, TransferErrors.UploadChunkNotAsked, detail);
}
