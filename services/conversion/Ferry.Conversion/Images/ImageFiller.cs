using Ferry.Chunks.Disks;
using System.Buffers;
using Ferry.Chunks.Manifests;
using Ferry.Chunks.Slices;
using Ferry.Chunks.Store;
using Ferry.Contracts.Conversions;
using Ferry.DiskImages;

namespace Ferry.Conversion.Images;

/// <summary>Writes the manifest's chunks into the image, slice by slice, with several workers. A slice is proven when its bytes are durable.</summary>
public sealed class ImageFiller(DiskWork work, IChunkStore store, OriginImage? origin, IDiskImageWriter writer, ConversionOptions options, TimeProvider time)
{
    private readonly ConversionProgress progress = new(work, "writing");

    /// <summary>Writes all that is not proven.</summary>
    public async Task FillAsync(ProvenEntries proven, ByteCounts done, long dataBytes, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(done);
        progress.Start(done.Written + done.Zero, dataBytes);
        var limits = new SliceLimits { TargetTime = options.SliceTime, MaxWorkChunks = options.MaxSliceChunks, FirstWorkChunks = Math.Min(16, options.MaxSliceChunks) };
        using var queue = new SliceQueue(work.Manifest, entry => !entry.State.ReadsAsZero(), proven, limits);
        await Workers.RunAsync(options.EffectiveWorkers, token => WorkAsync(queue, token), cancellationToken);
    }

    private async Task WorkAsync(SliceQueue queue, CancellationToken cancellationToken)
    {
        using var reader = new ChunkReader(work.Header, store, origin);
        while (await queue.NextAsync(cancellationToken) is { } next)
        {
            var timer = new SliceTimer(time, queue.Limits);
            var slice = next;
            var entries = ArrayPool<byte>.Shared.Rent(slice.Count * ManifestEntryCodec.EntrySize);
            try
            {
                var (done, bytes) = await WriteAsync(slice, reader, entries, timer, cancellationToken);
                if (done < slice.Count)
                {
                    slice = await queue.CutAsync(slice, done, cancellationToken);
                }

                await writer.FlushAsync(cancellationToken);
                work.Job.FaultPoint("convert.slice.written");
                await work.Job.ProveSliceAsync(slice.First, slice.Count, entries.AsMemory(0, slice.Count * ManifestEntryCodec.EntrySize), bytes, cancellationToken);
                work.Job.FaultPoint("convert.slice.proven");
                progress.Add(bytes.Written + bytes.Zero);
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(entries);
            }

            queue.Took(slice, timer.Elapsed);
        }
    }

    // Ends before the slice does when it takes too long.
    private async Task<(int Done, ByteCounts Bytes)> WriteAsync(
        ManifestSlice slice, ChunkReader reader, byte[] resolved, SliceTimer timer, CancellationToken cancellationToken)
    {
        var (read, zero, written) = (0L, 0L, 0L);
        var i = 0;
        while (i < slice.Count && (i == 0 || !timer.IsOver))
        {
            var entry = slice.Entries.Span[i];
            if (entry.State.ReadsAsZero())
            {
                ManifestEntryCodec.Write(resolved.AsSpan(i++ * ManifestEntryCodec.EntrySize), entry);
                continue;
            }

            var (bytes, chunks) = await reader.ReadAsync(slice.First + i, slice.Entries[i..], cancellationToken);
            read += bytes.Length;
            for (var end = i + chunks; i < end; i++)
            {
                var chunk = slice.First + i;
                var data = bytes[..work.Header.LengthOf(chunk)];
                bytes = bytes[data.Length..];
                var result = ChunkReader.Resolve(slice.Entries.Span[i], data.Span, chunk);
                ManifestEntryCodec.Write(resolved.AsSpan(i * ManifestEntryCodec.EntrySize), result);
                if (result.State == ChunkState.Zero)
                {
                    zero += data.Length;
                }
                else
                {
                    work.Job.CheckLease();
                    await writer.WriteAsync(chunk * work.Header.ChunkSize, data, cancellationToken);
                    written += data.Length;
                }
            }
        }

        return (i, new ByteCounts { Read = read, Zero = zero, Written = written });
    }
}
