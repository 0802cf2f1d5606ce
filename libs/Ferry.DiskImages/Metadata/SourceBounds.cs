using Ferry.DiskImages.Sources;

namespace Ferry.DiskImages.Metadata;

/// <summary>Checks of sizes and offsets that a header claims, before anything is read or any memory is taken.</summary>
internal static class SourceBounds
{
    /// <summary>Sector size of all VMware structures and of the arithmetic in headers.</summary>
    internal const int Sector = 512;

    /// <summary>Requires that a structure lies inside the file.</summary>
    internal static void Require(IByteSource source, long offset, long length, string what)
    {
        if (offset < 0 || length < 0 || offset > source.Length - length)
        {
            throw new InvalidDiskImageException(
                DiskImageErrors.Truncated, $"The {what} ({length} bytes) does not lie within the file, which ends at byte {source.Length}.", source.Name, offset);
        }
    }

    /// <summary>Converts a count of 512-byte sectors to bytes.</summary>
    internal static long SectorsToBytes(ulong sectors, string what, IByteSource source) =>
        sectors <= long.MaxValue / Sector
            ? (long)sectors * Sector
            : throw new InvalidDiskImageException(DiskImageErrors.Corrupt, $"The {what} of {sectors} sectors is impossible.", source.Name);

    /// <summary>Checks the arguments of a read.</summary>
    internal static void RequireWithinDisk(long offset, long length, long capacity)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset, capacity - length);
    }
}
