namespace Ferry.DiskImages.Lvm;

/// <summary>Extents of a logical volume that follow one another on one physical volume.</summary>
/// <param name="Start">The first of them in the logical volume.</param>
/// <param name="Count">Their number.</param>
/// <param name="PhysicalVolume">Name of the physical volume in the group.</param>
/// <param name="PhysicalStart">The first of them there.</param>
internal readonly record struct LinearSegment(long Start, long Count, string PhysicalVolume, long PhysicalStart);
