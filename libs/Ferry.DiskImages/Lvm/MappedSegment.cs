namespace Ferry.DiskImages.Lvm;

/// <summary>Bytes of a logical volume that follow one another on one physical volume that was found.</summary>
/// <param name="Start">First byte in the logical volume.</param>
/// <param name="Length">Number of bytes.</param>
/// <param name="Physical">The physical volume.</param>
/// <param name="PhysicalStart">First byte in it.</param>
internal readonly record struct MappedSegment(long Start, long Length, PhysicalVolume Physical, long PhysicalStart)
{
    /// <summary>The byte of the logical volume behind it.</summary>
    internal long End => Start + Length;
}
