namespace Ferry.DiskImages.FileSystems.Ntfs;

/// <summary>Clusters of a file that follow one another on the volume.</summary>
/// <param name="FirstVcn">The first of them in the file.</param>
/// <param name="FirstLcn">The first of them on the volume.</param>
/// <param name="Count">Their number.</param>
internal readonly record struct NtfsRun(long FirstVcn, long FirstLcn, long Count)
{
    /// <summary>Reads mapping pairs (Linux-NTFS documentation, "Data Runs"): each has a byte that says how many bytes the count and the distance from the run before take.</summary>
    /// <param name="pairs">The mapping pairs.</param>
    /// <param name="vcn">The first cluster of the file that they give.</param>
    /// <param name="clusters">Clusters of the volume.</param>
    /// <param name="runs">Takes the runs.</param>
    /// <exception cref="VolumeRefusedException">They are damaged, or leave the volume, or have holes.</exception>
    internal static void Read(ReadOnlySpan<byte> pairs, long vcn, long clusters, List<NtfsRun> runs)
    {
        var lcn = 0L;
        while (!pairs.IsEmpty && pairs[0] != 0)
        {
            var (countBytes, distanceBytes) = (pairs[0] & 15, pairs[0] >> 4);
            if (countBytes is 0 or > 8 || distanceBytes is 0 or > 8 || 1 + countBytes + distanceBytes > pairs.Length)
            {
                throw VolumeRefusedException.Inconsistent("The place of a system file is damaged, or has holes.");
            }

            var count = Number(pairs.Slice(1, countBytes));
            lcn = unchecked(lcn + Number(pairs.Slice(1 + countBytes, distanceBytes)));
            if (count <= 0 || count > clusters || lcn < 0 || lcn > clusters - count || vcn > long.MaxValue - count)
            {
                throw VolumeRefusedException.Inconsistent("The place of a system file is outside of the volume.");
            }

            runs.Add(new NtfsRun(vcn, lcn, count));
            vcn += count;
            pairs = pairs[(1 + countBytes + distanceBytes)..];
        }
    }

    private static long Number(ReadOnlySpan<byte> bytes)
    {
        var value = (long)(sbyte)bytes[^1];
        for (var i = bytes.Length - 2; i >= 0; i--)
        {
            value = (value << 8) | bytes[i];
        }

        return value;
    }
}
