using System.Buffers;
using Ferry.Chunks.Manifests;
using Ferry.Chunks.Slices;
using Ferry.Contracts.Conversions;
using Ferry.Hosting.Jobs;
using Ferry.Transfer.Jobs;
using Ferry.Transfer.Sources;

namespace Ferry.Transfer.Fetching;

/// <summary>One connection: fetches slice after slice. A slice is proven when its chunks are durable where they belong.</summary>
internal sealed class SliceFetcher(FetchPlan plan, IRemoteSource source, IChunkSink sink, int connection, TimeProvider time)
{
    private const int MostTries = 3;
    private readonly JobContext<RunTransfer> job = plan.Job;
    private readonly ManifestHeader header = plan.Manifest.Header;
    private readonly int chunksPerRead = Math.Max(1, plan.Options.ReadBytes / plan.Manifest.Header.ChunkSize);

    /// <summary>Fetches until nothing is left or the connection has to be given back.</summary>
    /// <returns>Whether nothing is left.</returns>
    public async Task<bool> RunAsync(SliceQueue queue, Func<bool> isRevoked, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(chunksPerRead * header.ChunkSize);
        try
        {
            while (!isRevoked())
            {
                if (await queue.NextAsync(cancellationToken) is not { } slice)
                {
                    return true;
                }

                var timer = new SliceTimer(time, queue.Limits);
                queue.Took(await FetchAsync(queue, slice, buffer, timer, cancellationToken), timer.Elapsed);
            }

            return false;
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
            await plan.Receiving.BeginAsync(job.JobId, job.Epoch, connection, plan.Base + slice.First, slice.Count, cancellationToken);
            var (done, bytes) = await StoreAsync(slice, buffer, resolved, timer, cancellationToken);
            if (done < slice.Count)
            {
                slice = await queue.CutAsync(slice, done, cancellationToken);
            }

            await sink.FlushAsync(cancellationToken);
            job.FaultPoint("transfer.slice.stored");
            await job.ProveSliceAsync(plan.Base + slice.First, slice.Count, resolved.AsMemory(0, slice.Count * ManifestEntryCodec.EntrySize), bytes, cancellationToken);
            job.FaultPoint("transfer.slice.proven");
            plan.Proven(bytes);
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
            var present = entry.State == ChunkState.OriginHashed && await sink.ContainsAsync(entry, cancellationToken);
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
            await source.ReadAsync(offset, read, cancellationToken);
            bytes += new ByteCounts { Read = read.Length };
            for (var end = i + count; i < end; i++)
            {
                var data = read[..header.LengthOf(slice.First + i)];
                read = read[data.Length..];
                var (result, counts) = await PutAsync(slice.First + i, slice.Entries.Span[i], data, cancellationToken);
                ManifestEntryCodec.Write(resolved.AsSpan(i * ManifestEntryCodec.EntrySize), result);
                bytes += counts with { Resent = data.Length * plan.TimesBegunBefore(slice.First + i) };
            }
        }

        return (i, bytes);
    }

    // A chunk whose id is known and whose bytes are others is asked for again: a server, or what is before it, may send bad data once.
    private async ValueTask<(ManifestEntry Entry, ByteCounts Bytes)> PutAsync(long chunk, ManifestEntry known, Memory<byte> data, CancellationToken cancellationToken)
    {
        if (known.State == ChunkState.OriginHashed)
        {
            for (var tries = 1; Chunks.ChunkId.Of(data.Span) != known.Id; tries++)
            {
                if (tries == MostTries)
                {
                    throw TransferFailures.BadData(plan.Shown, chunk * header.ChunkSize, $"bytes that are not those of chunk {known.Id}, {MostTries} times");
                }

                await source.ReadAsync(chunk * header.ChunkSize, data, cancellationToken);
            }
        }

        job.CheckLease();
        return await sink.PutAsync(chunk, data, cancellationToken);
    }
}
