using System.Buffers;
using ZstdSharp;
using ZstdSharp.Unsafe;

namespace Ferry.Chunks.Uploads;

/// <summary>The bytes of one chunk in a message: as they are, or one zstd frame. What comes in is bounded, whatever its headers say.</summary>
public static class ChunkBody
{
    /// <summary>The value of <c>Content-Encoding</c> of a compressed chunk.</summary>
    public const string Zstd = "zstd";

    // A frame may ask its reader for as much memory as the chunk has, from 1 MiB to 16 MiB.
    private const int LargestWindowLog = 24;
    private const int SmallestWindowLog = 20;

    /// <summary>Bytes that the body of a chunk may have at most: compressed, or as it is.</summary>
    public static int MaxLength(int chunkLength) => chunkLength + (chunkLength >> 8) + 1024;

    /// <summary>Reads a chunk of known length.</summary>
    /// <param name="body">The message's body; not disposed of.</param>
    /// <param name="compressed">Whether it is a zstd frame.</param>
    /// <param name="chunk">Filled with the bytes.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <returns>False when the body has more or fewer bytes than the chunk, or is no sound frame.</returns>
    public static async ValueTask<bool> TryReadAsync(Stream body, bool compressed, Memory<byte> chunk, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(body);
        if (!compressed)
        {
            return await FillsAsync(body, chunk, cancellationToken).ConfigureAwait(false);
        }

        using var decompressor = new Decompressor();
        decompressor.SetParameter(ZSTD_dParameter.ZSTD_d_windowLogMax, WindowLog(chunk.Length));
        await using var frame = new DecompressionStream(body, decompressor, bufferSize: 64 << 10, checkEndOfStream: true, preserveDecompressor: true, leaveOpen: true);
        try
        {
            return await FillsAsync(frame, chunk, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is ZstdException or EndOfStreamException)
        {
            return false;
        }
    }

    private static int WindowLog(int length) => Math.Clamp(32 - int.LeadingZeroCount(length - 1), SmallestWindowLog, LargestWindowLog);

    private static async ValueTask<bool> FillsAsync(Stream body, Memory<byte> chunk, CancellationToken cancellationToken)
    {
        var read = await body.ReadAtLeastAsync(chunk, chunk.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
        if (read < chunk.Length)
        {
            return false;
        }

        byte[] more = ArrayPool<byte>.Shared.Rent(1);
        try
        {
            return await body.ReadAsync(more.AsMemory(0, 1), cancellationToken).ConfigureAwait(false) == 0;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(more);
        }
    }
}
