using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Ferry.Chunks.Manifests;
using Ferry.Chunks.Store;
using Ferry.DiskImages;

namespace Ferry.Chunks.Uploads;

/// <summary>
/// Sends a disk to an upload job (docs/transfers.md, Uploads): reads its used blocks, hashes them on all cores, asks which chunks the server lacks, and sends those, compressed,
/// over several connections. It goes on where an earlier run of the same job was: pages that the server knows are not read again. For the agent and the command line. One run at a
/// time.
/// </summary>
/// <param name="http">Where the server is and with which credentials; its own timeout should be infinite.</param>
/// <param name="options">How to send.</param>
/// <param name="time">Clock.</param>
public sealed class DiskUploader(HttpClient http, DiskUploadOptions options, TimeProvider time)
{
    private const int MostRounds = 10;
    private const int MostAttempts = 3;

    /// <summary>Sends a disk.</summary>
    /// <param name="disk">The disk, which must not change meanwhile; the caller keeps ownership.</param>
    /// <param name="unused">Ranges that no file system uses, ascending, disjoint, neighbours joined (<see cref="DiskImages.FileSystems.UsedBlockMap.Unused"/>); they are not read.</param>
    /// <param name="job">Id of the job, which was made with this disk's size and <see cref="DiskUploadOptions.ChunkSize"/>.</param>
    /// <param name="file">Index of the disk in it.</param>
    /// <param name="progress">Is told how far it is, or null.</param>
    /// <param name="cancellationToken">Stops; what the server has by then stays there.</param>
    /// <exception cref="DiskUploadException">The server refuses it, or was away for too long.</exception>
    /// <exception cref="DiskImageException">The disk cannot be read, or has changed.</exception>
    public async Task<DiskUploadResult> SendAsync(
        IDiskImageReader disk, IReadOnlyList<DiskRange> unused, Guid job, int file, IProgress<DiskUploadProgress>? progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(disk);
        ArgumentNullException.ThrowIfNull(unused);
        var threads = options.HashThreads > 0 ? options.HashThreads : Environment.ProcessorCount;
        var state = new DiskUploadState(disk.Capacity, progress);
        var place = new Uri(http.BaseAddress!, string.Create(CultureInfo.InvariantCulture, $"api/v1/transfers/{job}/files/{file}/"));
        var connection = new UploadConnection(http, place, options, time, state.Wait);
        using var compressor = new ChunkCompressor();
        for (var round = 1; ; round++)
        {
            state.Begin();
            var pages = new DiskPages(disk, unused, options.ChunkSize, threads, state.Read);
            var known = await KnownAsync(connection, cancellationToken).ConfigureAwait(false);
            for (var page = 0; page < pages.Count; page++)
            {
                await SendPageAsync(disk, pages, page, known.Contains(page), connection, compressor, state, cancellationToken).ConfigureAwait(false);
            }

            await disk.VerifyUnchangedAsync(cancellationToken).ConfigureAwait(false);
            try
            {
                var view = await connection.PostAsync("complete", cancellationToken).ConfigureAwait(false);
                return Result(view, file, state, connection.Sent);
            }
            catch (DiskUploadException exception) when (exception.Code == "UPLOAD_INCOMPLETE" && round < MostRounds)
            {
                // The server has lost something meanwhile: it says what, page by page.
            }
        }
    }

    private static async Task<HashSet<int>> KnownAsync(UploadConnection connection, CancellationToken cancellationToken)
    {
        var known = new HashSet<int>();
        for (int? from = 0; from is { } next;)
        {
            var list = await connection.GetJsonAsync(string.Create(CultureInfo.InvariantCulture, $"pages?from={next}"), cancellationToken).ConfigureAwait(false);
            known.UnionWith(list.GetProperty("pages").EnumerateArray().Select(page => page.GetProperty("page").GetInt32()));
            from = list.TryGetProperty("next", out var more) && more.ValueKind is JsonValueKind.Number ? more.GetInt32() : null;
        }

        return known;
    }

    private async Task SendPageAsync(
        IDiskImageReader disk, DiskPages pages, int page, bool known, UploadConnection connection, ChunkCompressor compressor, DiskUploadState state, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                var (entries, missing) = await NegotiateAsync(pages, page, known && attempt == 1, connection, cancellationToken).ConfigureAwait(false);
                var ask = state.Negotiated(pages, page, entries, missing);
                var parallel = new ParallelOptions { MaxDegreeOfParallelism = Math.Max(1, options.Connections), CancellationToken = cancellationToken };
                var first = (long)page * ManifestHeader.EntriesPerPage;
                await Parallel.ForEachAsync(ask, parallel, async (index, token) =>
                {
                    await SendChunkAsync(disk, first + index, pages.LengthOf(first + index), entries[index].Id, connection, compressor, token).ConfigureAwait(false);
                    state.Sent(pages.LengthOf(first + index));
                }).ConfigureAwait(false);
                return;
            }
            catch (DiskUploadException exception) when (exception.Code == "UPLOAD_PAGE_UNKNOWN" && attempt < MostAttempts)
            {
                // The server's copy of the page is lost; it is sent again.
            }
        }
    }

    private static async Task<(ManifestEntry[] Entries, byte[] Missing)> NegotiateAsync(
        DiskPages pages, int page, bool known, UploadConnection connection, CancellationToken cancellationToken)
    {
        var path = string.Create(CultureInfo.InvariantCulture, $"pages/{page}");
        ManifestEntry[] entries;
        byte[] missing;
        if (known)
        {
            entries = Read(await connection.GetBytesAsync(path, cancellationToken).ConfigureAwait(false));
            missing = await connection.GetBytesAsync($"{path}/missing", cancellationToken).ConfigureAwait(false);
        }
        else
        {
            entries = await pages.ReadAsync(page, cancellationToken).ConfigureAwait(false);
            missing = await connection.PutAsync(path, ManifestPageCodec.Write(entries), null, cancellationToken).ConfigureAwait(false);
        }

        return entries.Length == pages.EntriesOf(page) && missing.Length == (entries.Length + 7) / 8
            ? (entries, missing)
            : throw new DiskUploadException("SERVER_ERROR", "The server's answer does not fit the disk: the job was made for another one, or what answers is no Ferry.");
    }

    private static ManifestEntry[] Read(byte[] page)
    {
        try
        {
            return ManifestPageCodec.Read(page);
        }
        catch (ChunkStoreException exception)
        {
            throw new DiskUploadException("SERVER_ERROR", "What the server kept of the disk cannot be read.", exception);
        }
    }

    private async Task SendChunkAsync(
        IDiskImageReader disk, long index, int length, ChunkId id, UploadConnection connection, ChunkCompressor compressor, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(2 * length);
        try
        {
            var bytes = buffer.AsMemory(0, length);
            await disk.ReadAsync(index * options.ChunkSize, bytes, cancellationToken).ConfigureAwait(false);
            if (ChunkId.Of(bytes.Span) != id)
            {
                throw new InvalidDiskImageException(DiskImageErrors.SourceChanged, "The disk was written while it was sent, or since the upload began.", "", index * options.ChunkSize);
            }

            var compressed = options.Compress ? compressor.TryCompress(bytes.Span, buffer.AsSpan(length, length)) : 0;
            var body = compressed > 0 ? buffer.AsMemory(length, compressed) : bytes;
            var path = string.Create(CultureInfo.InvariantCulture, $"chunks/{id}?index={index}");
            for (var attempt = 1; ; attempt++)
            {
                try
                {
                    await connection.PutChunkAsync(path, body, compressed > 0, cancellationToken).ConfigureAwait(false);
                    return;
                }
                catch (DiskUploadException exception) when (exception.Code is ChunkStoreErrors.Mismatch && attempt < MostAttempts)
                {
                    // Damaged on the way.
                }
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static DiskUploadResult Result(JsonElement view, int file, DiskUploadState state, long sent)
    {
        var done = view.GetProperty("files")[file];
        return new DiskUploadResult
        {
            Manifest = done.GetProperty("manifest").GetString()!,
            Digest = done.GetProperty("digest").GetString()!,
            Bytes = state.Bytes,
            BytesZero = state.BytesZero,
            BytesDeduplicated = state.Bytes - state.BytesZero - state.BytesMoved,
            BytesMoved = state.BytesMoved,
            BytesSent = sent,
        };
    }
}
