using System.Buffers;
using Ferry.DiskImages.Compression;

namespace Ferry.DiskImages.Vmdk;

/// <summary>Decompression of one grain.</summary>
internal static class GrainInflater
{
    /// <summary>Inflates a zlib stream that must fill <paramref name="target"/> and give no more than <paramref name="maximum"/> bytes in all.</summary>
    /// <returns>False when the data is damaged or has another length.</returns>
    internal static bool TryInflate(ReadOnlyMemory<byte> stored, Span<byte> target, int maximum)
    {
        if (target.Length == maximum)
        {
            return Inflation.TryZlib(stored, target, out var filled) && filled == maximum;
        }

        // The last grain of a disk may go past the disk's end.
        var whole = ArrayPool<byte>.Shared.Rent(maximum);
        try
        {
            if (!Inflation.TryZlib(stored, whole.AsSpan(0, maximum), out var written) || written < target.Length)
            {
                return false;
            }

            whole.AsSpan(0, target.Length).CopyTo(target);
            return true;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(whole);
        }
    }
}
