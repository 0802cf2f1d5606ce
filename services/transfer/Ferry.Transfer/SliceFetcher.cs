using System.Buffers;
using Ferry.Chunks.Manifests;
using Ferry.Chunks.Slices;
using Ferry.Chunks.Store;
using Ferry.Contracts.Conversions;
using Ferry.Contracts.Transfer;
using Ferry.Hosting.Jobs;
using Ferry.Transfer.Sources;

namespace Ferry.Transfer;

/// <summary>One connection: fetches slice after slice. A slice is proven when its chunks are durable in the store.</summary>
internal sealed class SliceFetcher(
    JobContext<TransferDisk> job, ManifestHeader header, IChunkStore store, RemoteImage image, TransferOptions options, TransferProgress progress, TimeProvider time)
{
    private readonly int chunksPerRead = Math.Max(1, options.ReadBytes / header.ChunkSize);

    public async Task RunAsync(SliceQueue queue, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(chunksPerRead * header.ChunkSize);
        try
        {
            while (await queue.NextAsync(cancellationToken) is { } slice)
            {
                var timer = new SliceTimer(time, queue.Limits);
                queue.Took(await FetchAsync(queue, slice, buffer, timer, cancellationToken), timer.Elapsed);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private async Task<ManifestSlice> FetchAsync(SliceQueue queue, ManifestSlice slice, byte[] buffer, SliceTimer timer, CancellationToken cancellationToken)
    {
        var resolved = ArrayPool<byte>.Shared.Rent(slice.Count * ManifestEntryCodec.EntrySize);
        try
        {
            var (done, bytes) = await StoreAsync(slice, buffer, resolved, timer, cancellationToken);
            if (done < slice.Count)
            {
                slice = await queue.CutAsync(slice, done, cancellationToken);
            }

            await store.FlushAsync(cancellationToken);
            job.FaultPoint("transfer.slice.stored");
            await job.ProveSliceAsync(slice.First, slice.Count, resolved.AsMemory(0, slice.Count * ManifestEntryCodec.EntrySize), bytes, cancellationToken);
            job.FaultPoint("transfer.slice.proven");
            progress.Add(TransferProgress.BytesOf(bytes));
            return slice;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(resolved);
        }
    }

    // Ends before the slice does when it takes too long.
    private async Task<(int Done, ByteCounts Bytes)> StoreAsync(
        ManifestSlice slice, byte[] buffer, byte[] resolved, SliceTimer timer, CancellationToken cancellationToken)
    {
        var bytes = new ByteCounts();
        var i = 0;
        while (i < slice.Count && (i == 0 || !timer.IsOver))
        {
            var entry = slice.Entries.Span[i];
            var present = entry.State == ChunkState.OriginHashed && await store.ContainsAsync(entry.Id, cancellationToken);
            if (!entry.State.IsAtOrigin() || present)
            {
                // Somebody else has moved these very bytes before: they are not moved again.
                bytes += new ByteCounts { Deduplicated = present ? header.LengthOf(slice.First + i) : 0 };
                ManifestEntryCodec.Write(resolved.AsSpan(i++ * ManifestEntryCodec.EntrySize), present ? entry with { State = ChunkState.Stored } : entry);
                continue;
            }

            var count = 1;
            while (count < chunksPerRead && i + count < slice.Count && slice.Entries.Span[i + count].State == ChunkState.Origin)
            {
                count++;
            }

            var offset = (slice.First + i) * header.ChunkSize;
            var read = buffer.AsMemory(0, (int)Math.Min((long)count * header.ChunkSize, header.Size - offset));
            await image.Reader.ReadAsync(offset, read, cancellationToken);
            bytes += new ByteCounts { Read = read.Length };
            for (var end = i + count; i < end; i++)
            {
                var data = read[..header.LengthOf(slice.First + i)];
                read = read[data.Length..];
                var (result, counts) = await StoreChunkAsync(slice.First + i, slice.Entries.Span[i], data, cancellationToken);
                ManifestEntryCodec.Write(resolved.AsSpan(i * ManifestEntryCodec.EntrySize), result);
                bytes += counts;
            }
        }

        return (i, bytes);
    }

    private async ValueTask<(ManifestEntry Entry, ByteCounts Bytes)> StoreChunkAsync(
        long chunk, ManifestEntry entry, ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        if (data.Span.IndexOfAnyExcept((byte)0) < 0)
        {
            return (new ManifestEntry(ChunkState.Zero), new ByteCounts { Zero = data.Length });
        }

        job.CheckLease();
        var (id, added) = await store.PutAsync(data, cancellationToken);
        if (entry.State == ChunkState.OriginHashed && entry.Id != id)
        {
            throw new DiskImages.DiskImageException(
                DiskImages.DiskImageErrors.SourceChanged, $"Chunk {chunk} of the source has other bytes than when it was read before.");
        }

        var counts = added ? new ByteCounts { Written = data.Length } : new ByteCounts { Deduplicated = data.Length };
        return (new ManifestEntry(ChunkState.Stored, id), counts);
    }
}
