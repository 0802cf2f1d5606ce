using System.IO.Compression;
using Ferry.DiskImages.Metadata;

namespace Ferry.DiskImages.Vmdk;

/// <summary>Compression of one grain.</summary>
internal static class GrainDeflater
{
    /// <summary>Stored as it is, a grain grows by 5 bytes for every 16 KiB or less and 6 in all; what grows more is stored.</summary>
    private const int MaximumGrowth = 512;

    /// <summary>Bytes that must be free for a grain: what a fixed code makes of bytes of 9 bits each is dropped, but must fit.</summary>
    internal static int Bound(int grainSize) => RoundUp(GrainMarker.Size + grainSize + (grainSize / 8) + 1024);

    /// <summary>Writes a grain as a zlib stream (RFC 1950) behind its <see cref="GrainMarker"/>, filled up with zeros to whole sectors.</summary>
    /// <param name="grain">The grain.</param>
    /// <param name="sector">Its first sector on the disk.</param>
    /// <param name="level">How hard to try.</param>
    /// <param name="buffer">Where it goes.</param>
    /// <param name="start">Where to begin, a multiple of a sector; <see cref="Bound"/> bytes must be free.</param>
    /// <returns>Where the last sector ends.</returns>
    internal static int Compress(ReadOnlySpan<byte> grain, long sector, CompressionLevel level, byte[] buffer, int start)
    {
        var count = Deflate(grain, level, buffer, start + GrainMarker.Size);
        if (count > grain.Length + MaximumGrowth)
        {
            count = Deflate(grain, CompressionLevel.NoCompression, buffer, start + GrainMarker.Size);
        }

        new GrainMarker((ulong)sector, (uint)count).Write(buffer.AsSpan(start));
        var end = start + GrainMarker.Size + count;
        buffer.AsSpan(end, RoundUp(end) - end).Clear();
        return RoundUp(end);
    }

    private static int Deflate(ReadOnlySpan<byte> grain, CompressionLevel level, byte[] buffer, int start)
    {
        using var target = new MemoryStream(buffer, start, buffer.Length - start);
        using (var zlib = new ZLibStream(target, level, leaveOpen: true))
        {
            zlib.Write(grain);
        }

        return (int)target.Position;
    }

    private static int RoundUp(int length) => (length + SourceBounds.Sector - 1) / SourceBounds.Sector * SourceBounds.Sector;
}
