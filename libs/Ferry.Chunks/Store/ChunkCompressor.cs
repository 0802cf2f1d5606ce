using System.Collections.Concurrent;
using ZstdSharp;

namespace Ferry.Chunks.Store;

/// <summary>zstd level 1 with pooled contexts; looks at samples first, so that incompressible chunks cost next to nothing.</summary>
internal sealed class ChunkCompressor : IDisposable
{
    private const int Level = 1;
    private const int SampleLength = 8 << 10;
    private const int Samples = 4;
    private const int SampledFrom = 128 << 10;
    private readonly ConcurrentBag<Compressor> compressors = [];
    private readonly ConcurrentBag<Decompressor> decompressors = [];

    /// <summary>Compresses when that saves at least a sixteenth.</summary>
    /// <returns>Length in <paramref name="destination"/>, or 0: keep the bytes as they are.</returns>
    public int TryCompress(ReadOnlySpan<byte> data, Span<byte> destination)
    {
        int limit = Math.Min(destination.Length, data.Length - Math.Max(1, data.Length / 16));
        if (limit < 1)
        {
            return 0;
        }

        if (!compressors.TryTake(out Compressor? compressor))
        {
            compressor = new Compressor(Level);
        }

        try
        {
            bool worth = data.Length < SampledFrom || SamplesCompress(compressor, data, destination);
            return worth && compressor.TryWrap(data, destination[..limit], out int written) ? written : 0;
        }
        finally
        {
            compressors.Add(compressor);
        }
    }

    /// <summary>Decompresses into a buffer of exactly the expected length; false when the frame is damaged or of another length.</summary>
    public bool TryDecompress(ReadOnlySpan<byte> frame, Span<byte> destination)
    {
        if (!decompressors.TryTake(out Decompressor? decompressor))
        {
            decompressor = new Decompressor();
        }

        try
        {
            return decompressor.TryUnwrap(frame, destination, out int written) && written == destination.Length;
        }
        catch (ZstdException)
        {
            // A damaged frame: the caller reports the chunk as corrupt.
            return false;
        }
        finally
        {
            decompressors.Add(decompressor);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        while (compressors.TryTake(out Compressor? compressor))
        {
            compressor.Dispose();
        }

        while (decompressors.TryTake(out Decompressor? decompressor))
        {
            decompressor.Dispose();
        }
    }

    private static bool SamplesCompress(Compressor compressor, ReadOnlySpan<byte> data, Span<byte> scratch)
    {
        int compressed = 0;
        int stride = (data.Length - SampleLength) / (Samples - 1);
        for (int i = 0; i < Samples; i++)
        {
            ReadOnlySpan<byte> sample = data.Slice(i * stride, SampleLength);
            compressed += compressor.TryWrap(sample, scratch, out int written) ? written : SampleLength;
        }

        return compressed < Samples * SampleLength * 9 / 10;
    }
}
