namespace Ferry.DiskImages.Conversion;

/// <summary>Finds the parts of a buffer that are worth writing.</summary>
internal static class ZeroRuns
{
    /// <summary>Zero parts shorter than this are written, as a hole would cost more than it saves.</summary>
    internal const int Granule = 32 * 1024;

    /// <summary>The next run, from <paramref name="position"/> on, of granules that are not all zero; an empty range at the end.</summary>
    internal static Range NextData(ReadOnlySpan<byte> buffer, int position)
    {
        while (position < buffer.Length && IsZero(buffer, position))
        {
            position = Math.Min(position + Granule, buffer.Length);
        }

        var end = position;
        while (end < buffer.Length && !IsZero(buffer, end))
        {
            end = Math.Min(end + Granule, buffer.Length);
        }

        return position..end;
    }

    /// <summary>Whether all bytes are zero.</summary>
    internal static bool IsZero(ReadOnlySpan<byte> buffer) => !buffer.ContainsAnyExcept((byte)0);

    private static bool IsZero(ReadOnlySpan<byte> buffer, int position) => IsZero(buffer.Slice(position, Math.Min(Granule, buffer.Length - position)));
}
