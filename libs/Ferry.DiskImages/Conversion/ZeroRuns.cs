namespace Ferry.DiskImages.Conversion;

/// <summary>Finds the parts of a disk that are worth writing.</summary>
internal static class ZeroRuns
{
    /// <summary>Zero parts shorter than this are written, as a hole would cost more than it saves.</summary>
    internal const int Granule = 32 * 1024;

    /// <summary>Whether all bytes are zero.</summary>
    internal static bool IsZero(ReadOnlySpan<byte> buffer) => !buffer.ContainsAnyExcept((byte)0);

    /// <summary>The runs of granules that are not all zero. Granules lie on a grid over the disk, so that the runs do not depend on how the disk is cut into pieces.</summary>
    /// <param name="data">A piece of the disk.</param>
    /// <param name="offset">Where it begins on the disk.</param>
    /// <param name="granule">Bytes per granule, a power of 2.</param>
    /// <returns>The runs within <paramref name="data"/>; null when all of it is zero.</returns>
    internal static List<Range>? FindData(ReadOnlySpan<byte> data, long offset, int granule)
    {
        List<Range>? runs = null;
        var start = -1;
        for (var position = 0; position < data.Length;)
        {
            var end = (int)Math.Min(data.Length, position + granule - ((offset + position) & (granule - 1)));
            if (!IsZero(data[position..end]))
            {
                start = start < 0 ? position : start;
            }
            else if (start >= 0)
            {
                (runs ??= []).Add(start..position);
                start = -1;
            }

            position = end;
        }

        if (start >= 0)
        {
            (runs ??= []).Add(start..data.Length);
        }

        return runs;
    }
}
