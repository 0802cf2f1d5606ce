using System.IO.Compression;

namespace Ferry.DiskImages.Vmdk;

/// <summary>Decompression of one grain.</summary>
internal static class GrainInflater
{
    private const int DrainSize = 4096;

    /// <summary>Inflates a zlib stream that must fill <paramref name="target"/> and give no more than <paramref name="maximum"/> bytes in all.</summary>
    /// <returns>False when the data is damaged or has another length.</returns>
    internal static bool TryInflate(byte[] buffer, int offset, int count, Span<byte> target, int maximum)
    {
        using var input = new MemoryStream(buffer, offset, count, writable: false);
        using var zlib = new ZLibStream(input, CompressionMode.Decompress);
        try
        {
            var filled = zlib.ReadAtLeast(target, target.Length, throwOnEndOfStream: false);

            // Reading to the end makes zlib check the Adler-32 sum; the last grain of a disk may go past the disk's end.
            Span<byte> beyond = stackalloc byte[DrainSize];
            var more = filled == target.Length ? zlib.Read(beyond) : 0;
            for (long total = filled; more > 0; more = zlib.Read(beyond))
            {
                total += more;
                if (total > maximum)
                {
                    return false;
                }
            }

            return filled == target.Length;
        }
        catch (InvalidDataException)
        {
            return false;
        }
    }
}
