using System.Buffers;
using Ferry.Chunks;
using Ferry.Chunks.Manifests;
using Ferry.Chunks.Slices;
using Ferry.DiskImages;
using Ferry.DiskImages.Sources;

namespace Ferry.Conversion.Images;

/// <summary>
/// Reads the finished image back with the library's reader, which shares nothing with the writer but the format, and compares every chunk with the
/// manifest. Chunks that the image itself says hold nothing are not read: they must be zero in the manifest.
/// </summary>
public sealed class ImageProof(DiskWork work, ManifestReader manifest, ConversionOptions options)
{
    private const int ChunksPerTurn = 64;
    private readonly ConversionProgress progress = new(work, "verifying");
    private long next;
    private long verified;

    /// <summary>Compares all chunks.</summary>
    /// <returns>How many were found equal: all of them.</returns>
    /// <exception cref="Hosting.Jobs.JobFailedException">A chunk differs.</exception>
    public async Task<long> VerifyAsync(CancellationToken cancellationToken)
    {
        await using var files = new LocalImageFiles(work.Staging);
        await using var image = await DiskImage.OpenAsync(files, work.ImageName, work.Format, cancellationToken);
        if (image.Capacity != work.ImageCapacity)
        {
            throw Mismatch($"the image's disk has {image.Capacity} bytes instead of {work.ImageCapacity}");
        }

        await VerifyPaddingAsync(image, cancellationToken);

        progress.Start(0, manifest.Header.Size);
        await Workers.RunAsync(options.EffectiveWorkers, token => VerifyTurnsAsync(image, token), cancellationToken);
        return verified;
    }

    private async Task VerifyTurnsAsync(IDiskImageReader image, CancellationToken cancellationToken)
    {
        var header = manifest.Header;
        var buffer = ArrayPool<byte>.Shared.Rent(header.ChunkSize);
        var entries = new ManifestEntry[ChunksPerTurn];
        var hasData = new bool[ChunksPerTurn];
        try
        {
            while (true)
            {
                var first = Interlocked.Add(ref next, ChunksPerTurn) - ChunksPerTurn;
                var count = (int)Math.Min(ChunksPerTurn, header.ChunkCount - first);
                if (count <= 0)
                {
                    return;
                }

                cancellationToken.ThrowIfCancellationRequested();
                await EntryWindow.ReadAsync(manifest, first, entries.AsMemory(0, count), cancellationToken);
                await FindDataAsync(image, first, hasData.AsMemory(0, count), cancellationToken);
                for (var i = 0; i < count; i++)
                {
                    await VerifyAsync(image, first + i, entries[i], hasData[i], buffer, cancellationToken);
                }

                Interlocked.Add(ref verified, count);
                progress.Add(Math.Min((long)count * header.ChunkSize, header.Size - (first * header.ChunkSize)));
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>What a target's variant appended to the disk is less than 1 MiB of zeros.</summary>
    private async ValueTask VerifyPaddingAsync(IDiskImageReader image, CancellationToken cancellationToken)
    {
        if (image.Capacity == manifest.Header.Size)
        {
            return;
        }

        var padding = new byte[image.Capacity - manifest.Header.Size];
        await image.ReadAsync(manifest.Header.Size, padding, cancellationToken);
        if (padding.AsSpan().IndexOfAnyExcept((byte)0) is >= 0 and var at)
        {
            throw Mismatch($"byte {manifest.Header.Size + at} behind the end of the captured disk is not zero");
        }
    }

    private async ValueTask FindDataAsync(IDiskImageReader image, long first, Memory<bool> hasData, CancellationToken cancellationToken)
    {
        var header = manifest.Header;
        var offset = first * header.ChunkSize;
        hasData.Span.Clear();
        var length = Math.Min((long)hasData.Length * header.ChunkSize, header.Size - offset);
        await foreach (var extent in image.GetExtentsAsync(offset, length, cancellationToken))
        {
            if (extent.Kind == ExtentKind.Data)
            {
                var from = (int)((extent.Offset / header.ChunkSize) - first);
                var to = (int)(((extent.End - 1) / header.ChunkSize) - first);
                hasData.Span[from..(to + 1)].Fill(true);
            }
        }
    }

    private async ValueTask VerifyAsync(
        IDiskImageReader image, long chunk, ManifestEntry entry, bool hasData, byte[] buffer, CancellationToken cancellationToken)
    {
        if (entry.State.ReadsAsZero() && !hasData)
        {
            return;
        }

        var bytes = buffer.AsMemory(0, manifest.Header.LengthOf(chunk));
        await image.ReadAsync(chunk * manifest.Header.ChunkSize, bytes, cancellationToken);
        if (entry.State.ReadsAsZero() ? bytes.Span.IndexOfAnyExcept((byte)0) >= 0 : ChunkId.Of(bytes.Span) != entry.Id)
        {
            throw Mismatch($"chunk {chunk} at byte {chunk * manifest.Header.ChunkSize} of the disk is not what its manifest says");
        }
    }

    private Hosting.Jobs.JobFailedException Mismatch(string what) => ConversionFailures.Create(
        ConversionErrors.VerifyMismatch,
        $"The image was read back and is wrong: {what}.",
        work.ImagePath,
        "Check the output folder's disk and this machine's memory, then convert again. The source is untouched.");
}
